using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Troupe.Agents.Files;
using Troupe.Core.Json;
using Troupe.Core.Records;
using YamlDotNet.Core;

namespace Troupe.Agents.Pricing;

/// <summary>US dollars per million tokens, by model.</summary>
internal sealed class PriceTable
{
    private const string Shipped = "Troupe.Agents.Pricing.prices.yaml";

    private readonly Dictionary<string, Price> prices = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The shipped table, and over it the configured file.</summary>
    /// <exception cref="InvalidDataException">The file is missing or wrong; the message says where.</exception>
    public static PriceTable Load(string? file)
    {
        var table = new PriceTable();
        using var stream = typeof(PriceTable).Assembly.GetManifestResourceStream(Shipped)!;
        using var reader = new StreamReader(stream);
        table.Add(reader.ReadToEnd(), "prices.yaml");
        if (file is null)
            return table;
        try
        {
            table.Add(File.ReadAllText(file), file);
        }
        catch (IOException e)
        {
            throw new InvalidDataException($"The price file {file} can't be read: {e.Message}", e);
        }

        return table;
    }

    /// <summary>The usage with its cost: by the model asked for, else by the one that answered; no cost where neither has a price.</summary>
    public Usage Cost(long inputTokens, long outputTokens, string? asked, string? answered)
    {
        var price = Find(asked) ?? Find(answered);
        return new Usage(inputTokens, outputTokens, price is null ? null : ((price.Input * inputTokens) + (price.Output * outputTokens)) / 1_000_000m);
    }

    // A dated or otherwise narrowed name, such as gpt-4o-2024-08-06, has the price of the longest name that it begins with.
    private Price? Find(string? model)
    {
        for (var name = model; !string.IsNullOrEmpty(name); name = name[..Math.Max(0, name.LastIndexOfAny(['-', '@', ':']))])
        {
            if (prices.TryGetValue(name, out var price) && (name == model || IsNarrowing(model![name.Length..])))
                return price;
        }

        return null;
    }

    // "-20250929", "-2024-08-06", "-latest", "-preview" narrow a name; "-mini" names another model.
    private static bool IsNarrowing(string rest) =>
        rest[1..].Split('-') is [var first, .. var more]
        && (first is "latest" or "preview" || (first.Length >= 4 && first.All(char.IsAsciiDigit)))
        && more.All(part => part.All(char.IsAsciiDigit));

    private void Add(string text, string file)
    {
        try
        {
            foreach (var (model, value, line) in YamlJson.ReadMapping(text))
                prices[model] = Read(value) ?? throw new InvalidDataException($"{file}:{line}: the price of '{model}' must be {{input: …, output: …}}, US dollars per million tokens.");
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"{file}:{e.Start.Line}: {e.Message}", e);
        }
    }

    private static Price? Read(JsonNode? node)
    {
        try
        {
            return node.Deserialize<Price>(TroupeJson.Options) is { Input: >= 0, Output: >= 0 } price ? price : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Price
    {
        public required decimal Input { get; init; }

        public required decimal Output { get; init; }
    }
}
