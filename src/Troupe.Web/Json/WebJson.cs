using System.Text.Json;
using Troupe.Core.Json;

namespace Troupe.Web.Json;

/// <summary>How answers are written: as everything of Troupe, with times in UTC.</summary>
internal static class WebJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(TroupeJson.Options);
        options.Converters.Insert(0, new UtcConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
