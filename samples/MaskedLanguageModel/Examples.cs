using SeqCore.Models;

namespace SeqCore.Samples.MaskedLanguageModel;

/// <summary>Lines of a text that was not trained on, with blanks whose answers are known.</summary>
internal static class Examples
{
    private const int Fewest = 6;

    /// <summary>Keeps the draws of examples apart from those of training, which has the same seed.</summary>
    private const ulong ExampleStream = 0x6578616D706C65;

    /// <summary>Chooses lines from all over a text and hides tokens in them, always behind [MASK].</summary>
    /// <param name="text">The text to choose from.</param>
    /// <param name="vocabulary">Words or characters.</param>
    /// <param name="longest">The largest number of tokens.</param>
    /// <param name="count">The largest number of lines.</param>
    /// <param name="seed">Equal seeds hide the same tokens.</param>
    /// <returns>For each line, the tokens that the model reads and the true ones.</returns>
    public static IReadOnlyList<(int[] Hidden, int[] Truth)> Choose(string text, UnitTokenizer vocabulary, int longest,
        int count, ulong seed)
    {
        var random = new RandomGenerator(seed ^ ExampleStream);
        var lines = Pieces(text, vocabulary, longest);
        count = Math.Min(count, lines.Count);
        return [.. Enumerable.Range(0, count).Select(i => lines[(int)((long)i * lines.Count / count)])
            .Select(line => (Hide(line, vocabulary, random), line))];
    }

    /// <summary>Hides about every seventh token: no marks, and only the rarer half of words.</summary>
    private static int[] Hide(int[] line, UnitTokenizer vocabulary, RandomGenerator random)
    {
        var places = Enumerable.Range(0, line.Length)
            .Where(t => line[t] >= SpecialToken.Count && char.IsLetterOrDigit(vocabulary.Unit(line[t])[0])).ToList();
        if (vocabulary is WordTokenizer)
            places = [.. places.OrderByDescending(t => line[t]).Take((places.Count + 1) / 2)];
        int[] hidden = [.. line];
        for (var left = Math.Max(1, line.Length / 7); left > 0 && places.Count > 0; left--)
        {
            var drawn = random.NextInt32(places.Count);
            hidden[places[drawn]] = SpecialToken.Mask;
            places.RemoveAt(drawn);
        }

        return hidden;
    }

    /// <summary>The lines that are neither too short nor too long; where there is none, pieces of the text.</summary>
    private static List<int[]> Pieces(string text, UnitTokenizer vocabulary, int longest)
    {
        var lines = text.Split('\n').Select(vocabulary.Encode).Where(l => IsFit(l) && l.Length <= longest).ToList();
        return lines.Count > 0 ? lines : [.. vocabulary.Encode(text).Chunk(longest).Where(IsFit)];

        bool IsFit(int[] line) =>
            line.Count(t => t >= SpecialToken.Count && char.IsLetterOrDigit(vocabulary.Unit(t)[0])) >= Fewest;
    }
}
