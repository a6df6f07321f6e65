namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>
/// A tonic and a mode. Pitches are steps of the seven-note scale, 0 for C and 7 for c; the signature does the rest.
/// </summary>
/// <param name="Name">As in the K: field, for example Ador.</param>
/// <param name="Tonic">Its step, in the octave where a fiddle would put it.</param>
/// <param name="Mode">Its harmony.</param>
internal sealed record Key(string Name, int Tonic, Mode Mode)
{
    private const string Letters = "CDEFGABcdefgab";

    /// <summary>The keys of the tune book with their weights.</summary>
    public static readonly IReadOnlyList<(Key Item, int Weight)> All =
    [
        (new("G", 4, Mode.Major), 26), (new("D", 1, Mode.Major), 26), (new("A", 5, Mode.Major), 9),
        (new("C", 0, Mode.Major), 5), (new("F", 3, Mode.Major), 4),
        (new("Dmix", 1, Mode.Mixolydian), 8), (new("Amix", 5, Mode.Mixolydian), 6), (new("Gmix", 4, Mode.Mixolydian), 2),
        (new("Ador", 5, Mode.Dorian), 9), (new("Edor", 2, Mode.Dorian), 9), (new("Ddor", 1, Mode.Dorian), 4),
        (new("Em", 2, Mode.Minor), 6), (new("Am", 5, Mode.Minor), 4), (new("Bm", -1, Mode.Minor), 3),
        (new("Dm", 1, Mode.Minor), 3),
    ];

    /// <summary>A pitch in ABC notation: C, for step -7, C for 0, c for 7, c' for 14.</summary>
    public static string Spell(int step) => step switch
    {
        < 0 => Letters[step + 7] + ",",
        < 14 => Letters[step].ToString(),
        _ => Letters[step - 7] + "'",
    };
}

/// <summary>What distinguishes the modes here: their chords, a degree for each of the eight bars of a part.</summary>
/// <param name="Progressions">Degrees 0 to 6 of the chords' roots, with weights; the last bar is always the tonic's.</param>
/// <param name="Dominant">The degree of the chord before a close.</param>
/// <param name="RaisesSeventh">Whether the note below the tonic is sharpened at some closes.</param>
internal sealed record Mode(IReadOnlyList<(int[] Item, int Weight)> Progressions, int Dominant, bool RaisesSeventh)
{
    /// <summary>I, IV and V, sometimes vi and ii.</summary>
    public static readonly Mode Major = new(
        [([0, 0, 3, 4, 0, 0, 4, 0], 4), ([0, 3, 0, 4, 0, 3, 4, 0], 4), ([0, 5, 3, 4, 0, 5, 4, 0], 2),
            ([0, 0, 1, 4, 0, 0, 4, 0], 2), ([5, 5, 3, 4, 0, 3, 4, 0], 1)],
        4, false);

    /// <summary>The tonic against the whole tone below.</summary>
    public static readonly Mode Mixolydian = new(
        [([0, 0, 6, 6, 0, 0, 6, 0], 4), ([0, 6, 0, 6, 0, 6, 4, 0], 2), ([0, 0, 0, 6, 0, 0, 6, 0], 3),
            ([0, 3, 0, 6, 0, 3, 6, 0], 2)],
        6, false);

    /// <summary>A minor tonic against the whole tone below.</summary>
    public static readonly Mode Dorian = new(
        [([0, 0, 6, 6, 0, 0, 6, 0], 5), ([0, 0, 6, 4, 0, 0, 6, 0], 2), ([0, 6, 0, 6, 0, 6, 4, 0], 2),
            ([2, 2, 6, 6, 0, 0, 6, 0], 1)],
        6, false);

    /// <summary>The natural minor, with VI and VII.</summary>
    public static readonly Mode Minor = new(
        [([0, 0, 6, 6, 0, 5, 6, 0], 3), ([0, 5, 6, 0, 0, 5, 4, 0], 2), ([0, 0, 3, 4, 0, 0, 4, 0], 3),
            ([2, 6, 0, 4, 2, 6, 4, 0], 1)],
        4, true);
}
