using System.Text;

namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>A rhythm with a pitch for each of its notes.</summary>
/// <param name="Rhythm">A template with n for each note.</param>
/// <param name="Steps">The pitches, as steps of the scale.</param>
internal readonly record struct Beat(string Rhythm, int[] Steps)
{
    /// <summary>The same figure so many steps higher.</summary>
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

    /// <summary>The same bar so many steps higher, or an octave off where that would leave the instrument.</summary>
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
