namespace Troupe.Core.Templates.Rendering;

/// <summary>Bounds the work of one rendering: nested loops over long lists end in an error, not in hours.</summary>
internal sealed class RenderBudget
{
    /// <summary>Items visited plus characters that helpers made.</summary>
    public const long Max = 100_000_000;

    private long _spent;

    public void Spend(long amount)
    {
        _spent += amount;
        if (_spent > Max)
            throw new TemplateException("Rendering takes too long: the template loops over too many values. Loop over less, or nest fewer loops.");
    }
}
