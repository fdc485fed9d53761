using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Troupe.Web.Errors;
using Troupe.Web.Json;

namespace Troupe.Web.Catalogs;

/// <summary>Reads a text that is put under a name.</summary>
internal static partial class DocumentText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ApiException">400 for a bad name or bytes that are no UTF-8, 413 for too many.</exception>
    public static async Task<string> ReadAsync(string name, HttpRequest request)
    {
        if (!Name().IsMatch(name))
            throw new ApiException(new ApiProblem(StatusCodes.Status400BadRequest, "A name has 1 to 64 letters, digits, '_', '.' or '-' and begins with a letter or digit."));
        return await ReadAsync(request);
    }

    /// <exception cref="ApiException">400 for bytes that are no UTF-8, 413 for too many.</exception>
    public static async Task<string> ReadAsync(HttpRequest request)
    {
        var bytes = await BodyReader.ReadAsync(request, BodyReader.MaxLength);
        try
        {
            return Strict.GetString(bytes.Span).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            throw new ApiException(new ApiProblem(StatusCodes.Status400BadRequest, "The body is not valid UTF-8."));
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
