using System.Text;

namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>
/// Composes folk-like dance tunes in ABC notation 2.1 (abcnotation.com). A part has eight bars made of a few motifs, which
/// return as they were or move with the chords, and closes on the tonic; parts often end alike, as tunes for dancing do.
/// </summary>
/// <param name="seed">Equal seeds give equal tunes.</param>
internal sealed class TuneComposer(ulong seed)
{
    /// <summary>Which motif each bar takes; z is the close.</summary>
    private static readonly (string Item, int Weight)[] plans = [("abacabdz", 5), ("abcdabez", 3),
        ("aabcaadz", 2), ("abacdebz", 1)];

    private static readonly (string Item, int Weight)[] forms = [("AABB", 12), ("AABBCC", 2), ("endings", 3),
        ("ABAC", 1), ("AB", 1)];

    private readonly TuneRandom random = new(seed);
    private Key key = null!;
    private Dance dance = null!;
    private Melody melody = null!;

    /// <summary>The built-in data set: tunes until the text has this many characters.</summary>
    public static string Book(int characters = 200_000, ulong seed = 1)
    {
        var composer = new TuneComposer(seed);
        var text = new StringBuilder(characters + 1000);
        for (var number = 1; text.Length < characters; number++)
            text.Append(composer.Compose(number)).Append('\n');
        return text.ToString();
    }

    /// <summary>The next tune: header and music, each line ended.</summary>
    /// <param name="number">For the X: field.</param>
    public string Compose(int number)
    {
        key = random.Pick(Key.All);
        dance = random.Pick(Dance.All);
        melody = new Melody(random, key, dance);
        var text = new StringBuilder();
        text.Append($"X:{number}\nT:{new Titles(random).Next()}\nR:{dance.Name}\nM:{dance.Metre}\nL:1/8\nK:{key.Name}\n");
        var a = Part(key.Tonic, key.Tonic - 3, key.Tonic + 8, null);
        var b = Part(key.Tonic + 7, key.Tonic + 2, Math.Min(key.Tonic + 12, Melody.Highest), a);
        switch (random.Pick(forms))
        {
            case "AABB":
                Repeated(text, a);
                Repeated(text, b);
                break;
            case "AABBCC":
                Repeated(text, a);
                Repeated(text, b);
                Repeated(text, Part(key.Tonic + 4, key.Tonic, key.Tonic + 9, a));
                break;
            case "endings":
                TwoEndings(text, a);
                TwoEndings(text, b);
                break;
            case "ABAC":
                var c = Part(key.Tonic + 4, key.Tonic, key.Tonic + 9, a);
                Once(text, a, "||");
                Once(text, b, "||");
                Once(text, a, "||");
                Once(text, c, "|]");
                break;
            default:
                Once(text, a, "||");
                Once(text, b, "|]");
                break;
        }

        return text.ToString();
    }

    /// <summary>Eight bars.</summary>
    /// <param name="start">About where to begin.</param>
    /// <param name="low">The lowest pitch for the first note of a beat.</param>
    /// <param name="high">The highest.</param>
    /// <param name="rhyme">A part to end like, more often than not; null for none.</param>
    private Bar[] Part(int start, int low, int high, Bar[]? rhyme)
    {
        var plan = random.Pick(plans);
        var chords = random.Pick(key.Mode.Progressions);
        var motifs = new Dictionary<char, (Bar Bar, int Chord)>();
        var bars = new Bar[plan.Length];
        var previous = start;
        for (var i = 0; i < bars.Length; i++)
        {
            if (plan[i] == 'z')
                bars[i] = melody.Close(dance.Final, previous);
            else if (motifs.TryGetValue(plan[i], out var motif))
                bars[i] = motif.Bar.Shift((chords[i] - motif.Chord + 10) % 7 - 3);
            else
                motifs[plan[i]] = (bars[i] = melody.Compose(key.Tonic + chords[i], previous, low, high), chords[i]);
            previous = bars[i].Last;
        }

        if (rhyme is not null && random.Chance(0.65))
            rhyme.AsSpan(6).CopyTo(bars.AsSpan(6));
        return bars;
    }

    private void Repeated(StringBuilder text, Bar[] part)
    {
        text.Append("|:").Append(PickUp(part)).Append(Phrase(part, 0, 4)).Append("|\n");
        text.Append(Phrase(part, 4, 8)).Append(":|\n");
    }

    private void Once(StringBuilder text, Bar[] part, string close)
    {
        text.Append(PickUp(part)).Append(Phrase(part, 0, 4)).Append("|\n");
        text.Append(Phrase(part, 4, 8)).Append(close).Append('\n');
    }

    private void TwoEndings(StringBuilder text, Bar[] part)
    {
        text.Append("|:").Append(PickUp(part)).Append(Phrase(part, 0, 4)).Append("|\n");
        text.Append(Phrase(part, 4, 7)).Append("|1 ").Append(Write(part[7]));
        text.Append(":|2 ").Append(Write(melody.Close(dance.Final, part[6].Last))).Append("|]\n");
    }

    private string PickUp(Bar[] part) =>
        dance.PickUp.Length == 0 ? "" : melody.LeadTo(dance.PickUp, part[0].First).Write() + "|";

    private string Phrase(Bar[] part, int from, int to) => string.Join('|', part[from..to].Select(Write));

    private string Write(Bar bar) => bar.Write(key.Mode.RaisesSeventh ? bar.Last - 1 : null);
}
