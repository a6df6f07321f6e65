using System.Globalization;
using SeqCore.Models;

namespace SeqCore.Samples.ClassifyText;

/// <summary>
/// Writes reviews that praise one thing and find fault with another, where the order decides which counts: what follows "but",
/// and not what follows "although".
/// </summary>
/// <remarks>
/// Exchanging the two adjectives changes the verdict but no word, so both verdicts are equally frequent for every set of words:
/// a model that does not see their order is right about every other review at best.
/// </remarks>
internal static class Reviews
{
    private const int Count = 4000;
    private const ulong Seed = 0x72657669657773;

    private static readonly string[] things =
        ["plot", "acting", "music", "ending", "dialogue", "photography", "cast", "script", "first half", "humour", "pace",
            "story"];

    private static readonly string[] good =
        ["wonderful", "brilliant", "charming", "clever", "moving", "superb", "lovely", "original"];

    private static readonly string[] bad = ["dull", "clumsy", "tedious", "weak", "dreadful", "silly", "hollow", "messy"];

    private static readonly string[] degrees = ["", "", "rather ", "really ", "quite "];

    private static readonly (string Pattern, bool IsSecondVerdict)[] patterns =
    [
        ("{0}, but {1}.", true),
        ("{0}, although {1}.", false),
        ("although {0}, {1}.", true),
        ("{0}, though {1}.", false),
        ("while {0}, {1}.", true),
        ("{0}; even so, {1}.", true),
    ];

    /// <summary>The reviews, always the same ones and each of them once.</summary>
    public static IReadOnlyList<LabelledText> All()
    {
        var random = new RandomGenerator(Seed);
        var reviews = new Dictionary<string, LabelledText>(StringComparer.Ordinal);
        while (reviews.Count < Count)
        {
            var review = Write(random);
            reviews.TryAdd(review.Text, review);
        }

        return [.. reviews.Values];
    }

    private static LabelledText Write(RandomGenerator random)
    {
        var (pattern, isSecondVerdict) = One(patterns, random);
        var isSecondGood = random.NextInt32(2) == 1;
        var first = One(things, random);
        var second = One(things, random, other: first);
        var text = string.Format(CultureInfo.InvariantCulture, pattern, Clause(first, !isSecondGood, random),
            Clause(second, isSecondGood, random));
        return new LabelledText(char.ToUpperInvariant(text[0]) + text[1..],
            isSecondVerdict == isSecondGood ? "positive" : "negative");
    }

    private static string Clause(string thing, bool isGood, RandomGenerator random) =>
        $"the {thing} was {One(degrees, random)}{One(isGood ? good : bad, random)}";

    private static T One<T>(T[] choices, RandomGenerator random, T? other = default)
    {
        while (true)
        {
            var choice = choices[random.NextInt32(choices.Length)];
            if (!Equals(choice, other))
                return choice;
        }
    }
}
