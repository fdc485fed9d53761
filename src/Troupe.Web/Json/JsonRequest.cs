using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Troupe.Core.Definitions;
using Troupe.Web.Errors;

namespace Troupe.Web.Json;

/// <summary>A request's JSON body, read strictly.</summary>
/// <param name="Root">The parsed value.</param>
/// <param name="Hash">Of the bytes as they came.</param>
internal sealed record JsonRequest(JsonElement Root, string Hash)
{
    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}");

    /// <exception cref="ApiException">413 too long, 400 malformed.</exception>
    public static async Task<JsonRequest> ReadAsync(HttpRequest request, long limit = BodyReader.MaxLength)
    {
        var bytes = await BodyReader.ReadAsync(request, limit);
        return new JsonRequest(StrictJson.Parse(bytes), BodyReader.Hash(bytes));
    }

    /// <summary>Like <see cref="ReadAsync"/>, but no body at all counts as an empty object.</summary>
    public static async Task<JsonRequest> ReadOptionalAsync(HttpRequest request)
    {
        var bytes = await BodyReader.ReadAsync(request, BodyReader.MaxLength);
        return new JsonRequest(bytes.IsEmpty ? EmptyObject : StrictJson.Parse(bytes), BodyReader.Hash(bytes));
    }

    /// <summary>Makes a value of the body's fields.</summary>
    /// <exception cref="ApiException">422 with every problem: wrong types, missing, unknown fields.</exception>
    public T Bind<T>(Func<JsonFields, T> bind)
    {
        var problems = new List<Problem>();
        var fields = new JsonFields(Root, "", problems);
        if (Root.ValueKind != JsonValueKind.Object)
            problems.Add(new Problem("The body must be a JSON object."));
        var bound = bind(fields);
        fields.Close();
        return problems.Count == 0 ? bound : throw new ApiException(ApiProblem.Invalid("The request", problems));
    }
}
