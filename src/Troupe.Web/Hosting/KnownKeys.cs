using Microsoft.Extensions.Configuration;
using Troupe.Core.Hosting;

namespace Troupe.Web.Hosting;

/// <summary>Finds keys of the configuration that mean nothing, most often misspelt ones.</summary>
internal static class KnownKeys
{
    /// <summary>The full names of keys below <paramref name="root"/> that none of the options classes has.</summary>
    public static IReadOnlyList<string> Unknown(IConfiguration configuration, string root, IReadOnlyList<OptionsSection> sections) =>
        [.. configuration.GetSection(root).GetChildren().SelectMany(section => Unknown(section, sections))];

    private static IEnumerable<string> Unknown(IConfigurationSection section, IReadOnlyList<OptionsSection> sections)
    {
        var type = sections.FirstOrDefault(known => section.Path.Equals(known.Path, StringComparison.OrdinalIgnoreCase))?.Options;
        return type is null ? [section.Path] : section.GetChildren().SelectMany(child => Unknown(child, type));
    }

    private static IEnumerable<string> Unknown(IConfigurationSection section, Type owner)
    {
        var property = owner.GetProperties().FirstOrDefault(property => property.Name.Equals(section.Key, StringComparison.OrdinalIgnoreCase));
        return property is null ? [section.Path] : Below(section, property.PropertyType);
    }

    private static IEnumerable<string> Below(IConfigurationSection section, Type type)
    {
        var children = section.GetChildren();
        if (ValueOfDictionary(type) is { } value)
            return children.SelectMany(entry => Below(entry, value));
        return IsOptionsClass(type) ? children.SelectMany(child => Unknown(child, type)) : [];
    }

    private static Type? ValueOfDictionary(Type type) =>
        type.IsGenericType && type.GetGenericArguments() is [var key, var value] && key == typeof(string) ? value : null;

    private static bool IsOptionsClass(Type type) =>
        type is { IsClass: true, IsArray: false } && type.Namespace?.StartsWith("Troupe", StringComparison.Ordinal) == true;
}
