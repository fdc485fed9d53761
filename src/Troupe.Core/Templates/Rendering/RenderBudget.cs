namespace Troupe.Core.Templates.Rendering;

/// <summary>Bounds the work of one rendering: nested loops over long lists end in an error, not in hours.</summary>
internal sealed class RenderBudget
{
    /// <summary>Items visited, and 64 characters of JSON made for one of them: about a tenth of a second of work.</summary>
    private const long Max = 2_000_000;

    private long _spent;

    public string SpendOn(string text)
    {
        Spend(text.Length / 64);
        return text;
    }

    public void Spend(long amount)
    {
        _spent += amount;
        if (_spent > Max)
            throw new TemplateException("Rendering takes too long: the template loops over too many values. Loop over less, or nest fewer loops.");
    }
}
