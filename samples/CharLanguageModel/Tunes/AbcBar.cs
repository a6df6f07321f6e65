namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>What a tune's music holds between two bar lines.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Length">Sum of its notes and rests, where 1 is a semibreve.</param>
/// <param name="Metre">What it should be; null in a free metre.</param>
/// <param name="Section">Which section it is in: repeats, double bars and thick bars part sections.</param>
/// <param name="Opens">Whether the section starts with it.</param>
/// <param name="Closes">Whether the section, or one of its endings, stops with it.</param>
internal sealed record AbcBar(int Number, Fraction Length, Fraction? Metre, int Section, bool Opens, bool Closes)
{
    /// <summary>Whether it is as long as the metre says.</summary>
    public bool IsFull => Metre is not { } metre || Length == metre;

    /// <summary>What an error says: for example <c>bar 3 has 7 quavers, not 8</c>.</summary>
    public override string ToString()
    {
        var quavers = new Fraction(8, 1);
        return $"bar {Number} has {Length * quavers} quavers, not {Metre * quavers}";
    }

    /// <summary>
    /// Finds the first bar that does not add up. A bar may be short only where a section starts (a pick-up) or stops, and the
    /// two must make a full bar: a section's last bar with the section's own pick-up or with the next one's. The pick-up of the
    /// tune itself needs no counterpart.
    /// </summary>
    /// <returns>The bar, or null where all add up.</returns>
    public static AbcBar? FirstWrong(IReadOnlyList<AbcBar> bars) => bars.FirstOrDefault(bar => !AddsUp(bar, bars));

    private static bool AddsUp(AbcBar bar, IReadOnlyList<AbcBar> bars)
    {
        if (bar.IsFull)
            return true;
        if (bar.Length > bar.Metre!.Value || !(bar.Opens || bar.Closes))
            return false;
        if (bar.Number == 1)
            return true;
        var partners = bar.Opens
            ? bars.Where(b => b.Closes && (b.Section == bar.Section || b.Section == bar.Section - 1))
            : bars.Where(b => b.Opens && (b.Section == bar.Section || b.Section == bar.Section + 1 || b.Section == 0));
        return partners.Any(p => p.Length + bar.Length == bar.Metre.Value);
    }
}
