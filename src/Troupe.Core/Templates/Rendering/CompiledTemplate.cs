using System.Collections.Concurrent;
using System.Globalization;
using HandlebarsDotNet;
using Troupe.Core.Templates.Syntax;

namespace Troupe.Core.Templates.Rendering;

/// <summary>A template that was parsed and, on its first rendering, compiled (some milliseconds).</summary>
internal sealed class CompiledTemplate
{
    private const int MaxRemembered = 512;

    /// <summary>Compilation is a pure function of the text; this remembers its latest values.</summary>
    private static readonly ConcurrentDictionary<string, CompiledTemplate> Remembered = new(StringComparer.Ordinal);

    private readonly string _source;
    private readonly TemplateSyntax _syntax;
    private readonly Lazy<HandlebarsTemplate<TextWriter, object, object>> _render;

    private CompiledTemplate(string source)
    {
        _source = source;
        _syntax = TemplateParser.Parse(source);
        _render = new Lazy<HandlebarsTemplate<TextWriter, object, object>>(Compile);
    }

    public static CompiledTemplate Of(string source)
    {
        if (Remembered.TryGetValue(source, out var known))
            return known;
        if (Remembered.Count >= MaxRemembered)
            Remembered.Clear();
        return Remembered.GetOrAdd(source, static text => new CompiledTemplate(text));
    }

    public string Render(IReadOnlyDictionary<string, object?> context, int maxLength)
    {
        if (_syntax.Problems is [var problem, ..])
            throw new TemplateException($"{problem.Message} ({TextPosition.Of(_source, problem.Offset)} of the template)");
        if (!_syntax.HasTags)
            return _source;
        using var writer = new BoundedWriter(maxLength);
        try
        {
            _render.Value(writer, new ValueMap(context, new RenderBudget()), null!);
            return writer.ToString();
        }
        catch (MissingNameException missing)
        {
            throw new TemplateException(DescribeMissing(missing.Name), missing);
        }
        catch (HandlebarsException e)
        {
            throw e.InnerException as TemplateException ?? new TemplateException($"The template cannot be rendered: {e.Message}", e);
        }
    }

    private HandlebarsTemplate<TextWriter, object, object> Compile()
    {
        var configuration = new HandlebarsConfiguration { NoEscape = true, FormatProvider = CultureInfo.InvariantCulture };
        configuration.FormatterProviders.Add(new ValueFormatter());
        configuration.ObjectDescriptorProviders.Add(new PlainValues());
        configuration.ObjectDescriptorProviders.Add(new ListValues());
        var handlebars = Handlebars.Create(configuration);
        TemplateHelpers.Register(handlebars);
        using var reader = new StringReader(_syntax.Executable);
        return handlebars.Compile(reader);
    }

    private string DescribeMissing(string name)
    {
        var uses = _syntax.Paths.Where(path => path.Segments.Contains(name, StringComparer.Ordinal))
            .Select(path => $"{path.Text} at {TextPosition.Of(_source, path.Offset)}").ToList();
        var place = uses.Count == 0 ? "" : $" (in {string.Join("; ", uses)})";
        return $"\"{name}\" has no value{place}. Correct the name, or write {{{{default … \"…\"}}}} or {{{{#if …}}}} where it may be missing.";
    }
}
