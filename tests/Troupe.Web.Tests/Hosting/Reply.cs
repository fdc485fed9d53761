using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Troupe.Web.Tests.Hosting;

/// <summary>An answer, read to its end.</summary>
internal sealed record Reply(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, string Text)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public static async Task<Reply> ReadAsync(HttpResponseMessage response) =>
        new(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsStringAsync());

    public Reply Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Text}");
        return this;
    }

    /// <summary>Expects problem details; with pointers, errors at exactly these places.</summary>
    public JsonElement ExpectProblem(HttpStatusCode status, params string[] pointers)
    {
        Expect(status);
        Assert.Equal("application/problem+json", ContentHeaders.ContentType?.MediaType);
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        Assert.NotEmpty(Json.GetProperty("type").GetString()!);
        Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
        if (pointers.Length > 0)
            Assert.Equal(pointers.Order(StringComparer.Ordinal), Pointers().Order(StringComparer.Ordinal));
        Assert.DoesNotContain("   at ", Text, StringComparison.Ordinal);
        return Json;
    }

    public string Header(string name) => string.Join(",", Headers.TryGetValues(name, out var values) ? values : ContentHeaders.GetValues(name));

    public string Get(string name) => Json.GetProperty(name).GetString()!;

    private IEnumerable<string> Pointers() =>
        Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()!);
}
