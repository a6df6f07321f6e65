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

/// <summary>Invents titles: places and people from syllables, things from word lists.</summary>
internal sealed class Titles(TuneRandom random)
{
    private static readonly string[] starts = ["Bally", "Kil", "Dun", "Car", "Glen", "Inver", "Tor", "Ros", "Clar", "Mul"];
    private static readonly string[] ends = ["more", "beg", "naver", "rick", "doon", "lea", "garvan", "tarn", "shiel", "owen"];
    private static readonly string[] people = ["Nora", "Padden", "Maire", "Tam", "Brid", "Callum", "Old Fergus", "Sheila",
        "Young Rory", "Biddy"];
    private static readonly string[] keepsakes = ["Fancy", "Delight", "Favourite", "Farewell", "Rambles", "Return",
        "Wedding", "Lament"];
    private static readonly string[] adjectives = ["Merry", "Silver", "Wandering", "Bonny", "Crooked", "Speckled", "Lonesome",
        "Windy", "Gallant", "Barefoot"];
    private static readonly string[] things = ["Piper", "Fiddler", "Miller", "Plough", "Heather", "Blackbird", "Otter", "Lantern",
        "Ferry", "Weaver", "Kettle", "Harvest"];
    private static readonly string[] groups = ["Lasses", "Lads", "Fair", "Bridge", "Shore", "Races"];

    /// <summary>A title.</summary>
    public string Next() => random.Below(6) switch
    {
        0 or 1 => $"The {random.Pick(adjectives)} {random.Pick(things)}",
        2 => $"{random.Pick(people)}'s {random.Pick(keepsakes)}",
        3 => $"The {random.Pick(things)} of {Place()}",
        4 => $"{Place()} {random.Pick(groups)}",
        _ => $"The Road to {Place()}",
    };

    private string Place() => random.Pick(starts) + random.Pick(ends);
}

/// <summary>
/// A small generator of random numbers whose sequence never changes: SplitMix64, from Steele, Lea and Flood,
/// "Fast Splittable Pseudorandom Number Generators" (2014).
/// </summary>
/// <param name="seed">Equal seeds give equal sequences.</param>
internal sealed class TuneRandom(ulong seed)
{
    private ulong state = seed;

    /// <summary>A whole number in [0, limit).</summary>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>True with this probability.</summary>
    public bool Chance(double probability) => (Next() >> 11) * (1.0 / (1UL << 53)) < probability;

    /// <summary>One of the items, all equally likely.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>One of the items, each as likely as its weight says.</summary>
    public T Pick<T>(IReadOnlyList<(T Item, int Weight)> items)
    {
        var left = Below(items.Sum(i => i.Weight));
        var index = 0;
        while ((left -= items[index].Weight) >= 0)
            index++;
        return items[index].Item;
    }

    private ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
