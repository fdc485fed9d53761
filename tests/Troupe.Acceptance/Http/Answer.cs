using System.Net.Http.Headers;

namespace Troupe.Acceptance.Http;

/// <summary>An HTTP answer, read to its end.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, string Text)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());

    /// <summary>Fails with the whole answer where the status is another one.</summary>
    public Answer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status} {status}, got {(int)Status} {Status}: {Text}");
        return this;
    }

    public Answer ExpectSuccess()
    {
        Assert.True((int)Status is >= 200 and < 300, $"Expected success, got {(int)Status} {Status}: {Text}");
        return this;
    }

    /// <summary>Expects RFC 9457 problem details.</summary>
    public JsonElement ExpectProblem(HttpStatusCode status)
    {
        Expect(status);
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal((int)status, Json.GetProperty("status").GetInt32());
        Assert.NotEmpty(Json.Text("type"));
        Assert.NotEmpty(Json.Text("title"));
        Assert.NotEmpty(Json.Text("detail"));
        return Json;
    }

    /// <summary>Expects problem details that name exactly these places, in any order.</summary>
    public JsonElement ExpectProblem(HttpStatusCode status, params IReadOnlyList<string> pointers)
    {
        var problem = ExpectProblem(status);
        var errors = problem.GetProperty("errors").EnumerateArray().ToList();
        var found = errors.Select(error => error.Text("pointer")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.Equal(pointers.Order(StringComparer.Ordinal), found);
        return problem;
    }
}
