using Microsoft.Extensions.Configuration;

namespace Troupe.Cli.Serving;

/// <summary>Finds keys of the configuration that mean nothing, most often misspelt ones.</summary>
internal static class KnownKeys
{
    /// <summary>The full names of keys below <paramref name="root"/> that none of the options classes has.</summary>
    /// <param name="options">Options classes by the path of their section, for example <c>Troupe:Agents</c>.</param>
    public static IReadOnlyList<string> Unknown(IConfiguration configuration, string root, IReadOnlyDictionary<string, Type> options) =>
        [.. configuration.GetSection(root).GetChildren().SelectMany(section => Unknown(section, options))];

    private static IEnumerable<string> Unknown(IConfigurationSection section, IReadOnlyDictionary<string, Type> options)
    {
        var type = options.FirstOrDefault(entry => section.Path.Equals(entry.Key, StringComparison.OrdinalIgnoreCase)).Value;
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
