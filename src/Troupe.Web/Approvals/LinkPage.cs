using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Troupe.Core.Approvals;
using Troupe.Core.Records;

namespace Troupe.Web.Approvals;

/// <summary>The page behind a link: plain HTML without script, whose form posts to the same address.</summary>
internal sealed record LinkPage(LinkView View, bool IsUsed) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = View.State switch
        {
            LinkState.Ready or LinkState.Decided => StatusCodes.Status200OK,
            LinkState.Invalid => StatusCodes.Status404NotFound,
            _ when IsUsed => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status200OK,
        };
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        // With no-referrer a browser would send the form with the origin "null", which is refused.
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers["X-Robots-Tag"] = "noindex";
        await response.WriteAsync(Html(), httpContext.RequestAborted);
    }

    private string Html() => $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Encode(Heading())}</title></head>
        <body>
        <main>
        <h1>{Encode(Heading())}</h1>
        {(View.Gate is { } gate ? About(gate) : "")}
        <p>{Encode(Message())}</p>
        {(View.State == LinkState.Ready ? $"<form method=\"post\"><button type=\"submit\">{(View.Approves ? "Approve" : "Reject")}</button></form>" : "")}
        </main>
        </body>
        </html>
        """;

    private static string About(GateRecord gate) =>
        $"<p>{Encode(gate.Description ?? "")}</p><p>Run {Encode(gate.RunId)}{(gate.AskedBy is { } user ? $", asked by {Encode(user)}" : "")}</p>";

    private string Heading() => View.Gate?.Title ?? "This link opens nothing";

    private string Message() => View.State switch
    {
        LinkState.Ready => $"{View.User} is about to {(View.Approves ? "approve" : "reject")} this. Nothing has happened yet.",
        LinkState.Decided => $"Done: {View.User} has {(View.Approves ? "approved" : "rejected")} this.",
        LinkState.Spent => $"{View.User} has decided this already. A link works once.",
        LinkState.Closed => View.Gate is { Status: not GateStatus.Pending } gate ? $"This is closed: {ClosedWords.Of(gate)}." : $"{View.User} may not decide this any more.",
        _ => "It is wrong, or it has expired. Decide in the inbox instead.",
    };

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
