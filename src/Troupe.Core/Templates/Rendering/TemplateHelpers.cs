using HandlebarsDotNet;
using Troupe.Core.Templates.Syntax;

namespace Troupe.Core.Templates.Rendering;

/// <summary>The helpers of templates. Conditions take a missing value for null; the others refuse it.</summary>
internal static class TemplateHelpers
{
    public static void Register(IHandlebars handlebars)
    {
        Add(handlebars, "eq", a => TemplateValue.AreEqual(Known(a[0]), Known(a[1])));
        Add(handlebars, "ne", a => !TemplateValue.AreEqual(Known(a[0]), Known(a[1])));
        Add(handlebars, "and", a => a.All(TemplateValue.IsTruthy));
        Add(handlebars, "or", a => a.Any(TemplateValue.IsTruthy));
        Add(handlebars, "not", a => !TemplateValue.IsTruthy(a[0]));
        Add(handlebars, "default", a => a[0] is null or "" or UndefinedBindingResult ? Known(a[1]) : a[0]);
        Add(handlebars, "contains", a => Contains(Known(a[0]), Known(a[1])));
        Add(handlebars, "json", a => TemplateValue.Json(Known(a[0])));
        Add(handlebars, "length", a => Length(Known(a[0])));
        Add(handlebars, "join", a => Join(Known(a[0]), a.Length > 1 ? TemplateValue.Text(Known(a[1])) : ", "));
        Add(handlebars, HelperNames.EachValue, a => Known(a[0]) is null or ValueList or ValueMap
            ? a[0]
            : throw new TemplateException($"{{{{#each}}}} needs a list or an object and found {TemplateValue.Describe(a[0])}."));
        Add(handlebars, HelperNames.WithValue, a => Known(a[0]));
    }

    private static void Add(IHandlebars handlebars, string name, Func<object?[], object?> helper) =>
        handlebars.RegisterHelper(name, (Context _, Arguments arguments) => helper([.. arguments])!);

    private static object? Known(object? value) =>
        value is UndefinedBindingResult missing ? throw new MissingNameException(missing.Value) : value;

    private static bool Contains(object? whole, object? part) => whole switch
    {
        null => false,
        ValueList list => list.Any(item => TemplateValue.AreEqual(item, part)),
        ValueMap map => map.ContainsKey(TemplateValue.Text(part)),
        _ => TemplateValue.Text(whole).Contains(TemplateValue.Text(part), StringComparison.OrdinalIgnoreCase),
    };

    private static int Length(object? value) => value switch
    {
        ValueList list => list.Count,
        ValueMap map => map.Count,
        _ => TemplateValue.Text(value).Length,
    };

    private static string Join(object? value, string separator) => value switch
    {
        null => "",
        ValueList list => string.Join(separator, list.Select(TemplateValue.Text)),
        _ => throw new TemplateException($"\"join\" needs a list and found {TemplateValue.Describe(value)}."),
    };
}

/// <summary>A name had no value; the facade says where it stands.</summary>
internal sealed class MissingNameException(string name) : Exception(name)
{
    public string Name => Message;
}
