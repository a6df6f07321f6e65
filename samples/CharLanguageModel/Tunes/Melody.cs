using System.Numerics;
using System.Text;

namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>A rhythm with a pitch for each of its notes.</summary>
/// <param name="Rhythm">A template with n for each note.</param>
/// <param name="Steps">The pitches, as steps of the scale.</param>
internal readonly record struct Beat(string Rhythm, int[] Steps)
{
    /// <summary>The figure, transposed up by a number of steps.</summary>
    public Beat Shift(int steps) => new(Rhythm, Array.ConvertAll(Steps, s => s + steps));
}

/// <summary>A bar, or the pick-up before one.</summary>
/// <param name="Beats">In order.</param>
internal sealed record Bar(params IReadOnlyList<Beat> Beats)
{
    /// <summary>The pitch of the first note.</summary>
    public int First => Beats[0].Steps[0];

    /// <summary>The pitch of the last note.</summary>
    public int Last => Beats[^1].Steps[^1];

    /// <summary>The bar, transposed up by a number of steps, or an octave off where that would leave the instrument.</summary>
    public Bar Shift(int steps)
    {
        var low = Beats.Min(b => b.Steps.Min()) + steps;
        var high = Beats.Max(b => b.Steps.Max()) + steps;
        var fold = low < Melody.Lowest ? 7 : high > Melody.Highest ? -7 : 0;
        return new Bar([.. Beats.Select(b => b.Shift(steps + fold))]);
    }

    /// <summary>The bar in ABC notation, a space between beats.</summary>
    /// <param name="sharpened">A pitch to write with a sharp where the next note is the one above it; null for none.</param>
    public string Write(int? sharpened = null)
    {
        var steps = Beats.SelectMany(b => b.Steps).ToArray();
        var text = new StringBuilder();
        var note = 0;
        foreach (var beat in Beats)
        {
            if (text.Length > 0)
                text.Append(' ');
            foreach (var c in beat.Rhythm)
            {
                if (c != 'n')
                {
                    text.Append(c);
                    continue;
                }

                if (steps[note] == sharpened && note + 1 < steps.Length && steps[note + 1] == sharpened + 1)
                    text.Append('^');
                text.Append(Key.Spell(steps[note++]));
            }
        }

        return text.ToString();
    }
}

/// <summary>Makes bars: every beat starts on a note of the chord, near the note before, and follows a short figure.</summary>
internal sealed class Melody(TuneRandom random, Key key, Dance dance)
{
    /// <summary>The lowest pitch, A below middle C less one step for a turn.</summary>
    public const int Lowest = -3;

    /// <summary>The highest pitch, c'.</summary>
    public const int Highest = 14;

    private static readonly int[][][] figures =
    [
        [],
        [[0]],
        [[0, 1], [0, -1], [0, 2], [0, -2], [0, -1], [0, 1]],
        [[0, 1, 2], [0, -1, -2], [0, 2, 4], [0, -2, -4], [0, 1, 0], [0, -1, 0], [0, 2, 0], [0, 2, 1], [0, -1, 1], [0, -3, 0]],
        [[0, 1, 2, 3], [0, -1, -2, -3], [0, 2, 4, 2], [0, -2, 0, 2], [0, 1, 0, -1], [0, -1, 0, 1], [0, 2, 1, 0], [0, -3, 0, 1],
            [0, -1, -3, -1], [0, 2, 0, -1], [0, 1, 2, 0]],
        [[0, 1, 2, 1, 0], [0, 1, 2, 3, 4], [0, -1, -2, -1, 0], [0, -1, -2, -3, -2], [0, 1, 2, 4, 2]],
        [[0, 1, 2, 3, 2, 1], [0, -1, -2, -1, 0, 1]],
    ];

    /// <summary>A bar over a chord.</summary>
    /// <param name="root">The chord's root, a step in any octave.</param>
    /// <param name="previous">The pitch of the note before.</param>
    /// <param name="low">The lowest pitch for the first note of a beat.</param>
    /// <param name="high">The highest.</param>
    public Bar Compose(int root, int previous, int low, int high)
    {
        var beats = new Beat[dance.Beats];
        for (var i = 0; i < beats.Length; i++)
        {
            beats[i] = Fill(random.Pick(dance.Rhythms), root, previous, low, high);
            previous = beats[i].Steps[^1];
        }

        return new Bar(beats).Shift(0);
    }

    /// <summary>The last bar of a part: through the dominant to a neighbour of the tonic, then the tonic.</summary>
    /// <param name="final">The rhythm of the final note.</param>
    /// <param name="previous">The pitch of the note before.</param>
    public Bar Close(string final, int previous)
    {
        var beats = new List<Beat>();
        for (var i = 1; i < dance.Beats; i++)
        {
            var beat = Fill(random.Pick(dance.Close), key.Tonic + key.Mode.Dominant, previous, previous - 4, previous + 4);
            beats.Add(beat);
            previous = beat.Steps[^1];
        }

        var tonic = Nearest(key.Tonic, previous);
        if (beats.Count > 0)
            beats[^1].Steps[^1] = tonic + (previous < tonic || (previous == tonic && random.Chance(0.5)) ? -1 : 1);
        beats.Add(new Beat(final, [tonic]));
        return new Bar(beats).Shift(0);
    }

    /// <summary>A pick-up that leads by steps to the first note.</summary>
    public Bar LeadTo(string rhythm, int first)
    {
        var count = rhythm.Count(c => c == 'n');
        var direction = first > key.Tonic + 5 || random.Chance(0.3) ? 1 : -1;
        var steps = Enumerable.Range(0, count).Select(i => first + direction * (count - i)).ToArray();
        return new Bar(new Beat(rhythm, steps)).Shift(0);
    }

    private Beat Fill(string rhythm, int root, int previous, int low, int high)
    {
        var figure = random.Pick(figures[rhythm.Count(c => c == 'n')]);
        var start = random.Pick(ChordTones(root, previous, low, high));
        return new Beat(rhythm, Array.ConvertAll(figure, f => start + f));
    }

    /// <summary>Notes of the chord in range and near, the nearer the likelier; a repeated note is the least likely.</summary>
    private static List<(int Item, int Weight)> ChordTones(int root, int previous, int low, int high)
    {
        var tones = new List<(int, int)>();
        for (var step = low; step <= high; step++)
        {
            var distance = Math.Abs(step - previous);
            if (((step - root) % 7 + 7) % 7 is 0 or 2 or 4 && distance <= 5)
                tones.Add((step, distance == 0 ? 1 : 7 - distance));
        }

        return tones.Count > 0 ? tones : [(Nearest(root, (low + high) / 2), 1)];
    }

    private static int Nearest(int step, int to)
    {
        var up = ((step - to) % 7 + 7) % 7;
        return up <= 3 ? to + up : to + up - 7;
    }
}

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

/// <summary>An exact positive or zero fraction in lowest terms: the length of a note or bar, where 1 is a semibreve.</summary>
internal readonly record struct Fraction : IComparable<Fraction>
{
    private readonly BigInteger denominatorLessOne;

    /// <summary>A fraction.</summary>
    public Fraction(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.Sign < 0 || denominator.Sign <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(denominator),
                $"{numerator}/{denominator} is not the length of anything.");
        }

        var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
        Numerator = numerator / common;
        denominatorLessOne = denominator / common - 1;
    }

    /// <summary>Nothing.</summary>
    public static Fraction Zero => default;

    /// <summary>The upper number.</summary>
    public BigInteger Numerator { get; }

    /// <summary>The lower number, at least 1.</summary>
    public BigInteger Denominator => denominatorLessOne + 1;

    public static Fraction operator +(Fraction a, Fraction b) =>
        new(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static Fraction operator *(Fraction a, Fraction b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static bool operator <(Fraction a, Fraction b) => a.CompareTo(b) < 0;

    public static bool operator >(Fraction a, Fraction b) => a.CompareTo(b) > 0;

    /// <inheritdoc/>
    public int CompareTo(Fraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <inheritdoc/>
    public override string ToString() => Denominator.IsOne ? $"{Numerator}" : $"{Numerator}/{Denominator}";
}
