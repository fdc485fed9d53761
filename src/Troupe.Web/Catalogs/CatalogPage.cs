using Microsoft.AspNetCore.Http;
using Troupe.Core.Records;
using Troupe.Web.Errors;

namespace Troupe.Web.Catalogs;

/// <summary>A whole catalogue.</summary>
/// <param name="Items">By name.</param>
/// <param name="Problems">Files that could not be read.</param>
internal sealed record CatalogPage<T>(IReadOnlyList<T> Items, IReadOnlyList<ProblemBody> Problems);

/// <summary>A text as it was put.</summary>
/// <param name="Version">1, 2, 3 …; an unchanged text keeps its version.</param>
internal sealed record PutBody(string Name, int Version, string Url)
{
    /// <summary>Says where it is now; 201 for a new name.</summary>
    public static IResult Answer(HttpContext context, Document document, string url)
    {
        context.Response.Headers.Location = url;
        return Hosting.Answer.Json(new PutBody(document.Name, document.Version, url), document.Version == 1 ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
