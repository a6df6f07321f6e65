namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>
/// A kind of dance: its metre and the rhythms of its beats. A rhythm is a template in ABC notation with n for each note, so
/// that <c>n2nn</c> is a crotchet and two quavers.
/// </summary>
/// <param name="Name">As in the R: field.</param>
/// <param name="Metre">As in the M: field.</param>
/// <param name="Beats">How often a rhythm is chosen in a bar.</param>
/// <param name="Rhythms">What fills a beat, with weights.</param>
/// <param name="Close">Rhythms for the beats before the final note.</param>
/// <param name="PickUp">The rhythm before the first bar; empty for none.</param>
/// <param name="Final">The final beat, shorter by the pick-up.</param>
internal sealed record Dance(
    string Name,
    string Metre,
    int Beats,
    IReadOnlyList<(string Item, int Weight)> Rhythms,
    IReadOnlyList<string> Close,
    string PickUp,
    string Final)
{
    /// <summary>The dances of the tune book with their weights.</summary>
    public static readonly IReadOnlyList<(Dance Item, int Weight)> All =
    [
        (new("reel", "4/4", 2,
            [("nnnn", 20), ("n2nn", 5), ("n3n", 3), ("nnn2", 1), ("(3nnnnn", 1), ("~n3n", 1)],
            ["nnnn", "n2nn"],
            "", "n4"), 28),
        (new("jig", "6/8", 2,
            [("nnn", 20), ("n2n", 6), ("n3", 1), ("~n3", 1), ("n/n/nn", 1)],
            ["nnn", "n2n"],
            "n", "n2"), 28),
        (new("slip jig", "9/8", 3,
            [("nnn", 12), ("n2n", 6), ("n3", 2), ("~n3", 1)],
            ["nnn", "n2n"],
            "", "n3"), 8),
        (new("hornpipe", "4/4", 2,
            [("n>nn>n", 14), ("n2n>n", 3), ("(3nnnn>n", 4), ("n>n(3nnn", 2), ("n2n2", 1)],
            ["n>nn>n", "n2n2"],
            "n>n", "n2"), 10),
        (new("polka", "2/4", 2,
            [("nn", 12), ("n2", 4), ("n>n", 3), ("nn/n/", 3), ("n/n/n", 2)],
            ["nn", "n>n"],
            "", "n2"), 10),
        (new("waltz", "3/4", 1,
            [("n2 n2 n2", 5), ("n4 n2", 5), ("n2 nn n2", 4), ("n3 n nn", 3), ("n2 nn nn", 3), ("n4 nn", 3)],
            [],
            "n2", "n4"), 10),
        (new("march", "2/2", 2,
            [("n2n2", 6), ("n3n", 5), ("n2nn", 5), ("nnn2", 2), ("n4", 1)],
            ["n3n", "n2n2"],
            "", "n4"), 8),
    ];
}
