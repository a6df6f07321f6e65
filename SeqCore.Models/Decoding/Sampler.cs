namespace SeqCore.Models;

/// <summary>
/// Draws tokens from a model's logits: p_i proportional to exp(l_i / temperature), restricted to the K likeliest tokens (top-k),
/// then to the fewest of those that together have probability P (top-p, the nucleus of Holtzman, Buys, Du, Forbes and Choi, "The
/// Curious Case of Neural Text Degeneration", arXiv:1904.09751), then to those at least M times as likely as the likeliest
/// (min-p, Nguyen et al., "Turning Up the Heat: Min-p Sampling for Creative and Coherent LLM Outputs", arXiv:2407.01082). Each
/// draw takes one number from the generator.
/// </summary>
/// <example>
/// <code>
/// var sampler = new Sampler(new RandomGenerator(seed: 1), temperature: 0.8f, topK: 2);
/// float[] logits = [0f, 3f, -1f, 3f];
/// var probabilities = new double[4];
/// sampler.Probabilities(logits, probabilities);
/// Console.WriteLine(string.Join(", ", probabilities));       // 0, 0.5, 0, 0.5
/// Console.WriteLine(sampler.Next(logits) is 1 or 3);         // True
/// </code>
/// </example>
public sealed class Sampler
{
    private readonly RandomGenerator random;
    private double[] weights = [];
    private int[] order = [];
    private Rank[] keys = [];

    /// <summary>Makes a sampler.</summary>
    /// <param name="random">The generator, whose state determines what is drawn.</param>
    /// <param name="temperature">
    /// The temperature, above 0: a value below 1 prefers likely tokens, one above 1 flattens the distribution; 1 by default.
    /// </param>
    /// <param name="topK">
    /// The number of likeliest tokens that may be drawn; 0, the default, for all. 1 always takes the likeliest.
    /// </param>
    /// <param name="topP">The total probability of the tokens that may be drawn, in (0, 1]; 1, the default, for all.</param>
    /// <param name="minP">
    /// The smallest fraction of the likeliest token's probability that a token needs to be drawn, in [0, 1]; 0, the default, for
    /// all.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public Sampler(RandomGenerator random, float temperature = 1, int topK = 0, float topP = 1, float minP = 0)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (!(temperature > 0 && float.IsFinite(temperature)))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature,
                $"Sampler: the temperature should be above 0. Hint: {nameof(Sampler)}.{nameof(Greedy)}() always takes"
                    + " the likeliest"
                    + " token.");
        }

        if (topK < 0)
            throw new ArgumentOutOfRangeException(nameof(topK), topK, "Sampler: topK should be at least 1, or 0 for all tokens.");
        if (!(topP is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(topP), topP, "Sampler: topP should be above 0 and at most 1.");
        if (!(minP is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(minP), minP, "Sampler: minP should be in [0, 1].");
        this.random = random;
        (Temperature, TopK, TopP, MinP) = (temperature, topK, topP, minP);
    }

    /// <summary>The number that logits are divided by.</summary>
    public float Temperature { get; }

    /// <summary>The number of likeliest tokens that may be drawn; 0 for all.</summary>
    public int TopK { get; }

    /// <summary>The total probability of the tokens that may be drawn.</summary>
    public float TopP { get; }

    /// <summary>The smallest fraction of the likeliest token's probability that a token needs to be drawn.</summary>
    public float MinP { get; }

    /// <summary>Makes a sampler that always takes the likeliest token, the first of equal ones.</summary>
    public static Sampler Greedy() => new(new RandomGenerator(0), topK: 1);

    /// <summary>Draws a token. Equal logits are ordered by token, lower first. Allocates memory only when V grows.</summary>
    /// <param name="logits">The logits, shape (V,); minus infinity forbids a token.</param>
    /// <returns>A token in [0, V).</returns>
    /// <exception cref="ArgumentException">
    /// There are no logits, all tokens are forbidden, or a logit is NaN or plus infinity.
    /// </exception>
    public int Next(ReadOnlySpan<float> logits)
    {
        var max = LogitRow.Max(logits, nameof(Sampler));
        if (TopK == 1)
        {
            random.NextDouble();
            return logits.IndexOf(max);
        }

        var (candidates, total) = Weigh(logits, max);
        var left = random.NextDouble() * total;
        var last = order[0];
        for (var i = 0; i < candidates; i++)
        {
            var weight = weights[order[i]];
            if (weight <= 0)
                continue;
            last = order[i];
            if ((left -= weight) < 0)
                break;
        }

        return last;
    }

    /// <summary>Computes the probability with which each token is drawn.</summary>
    /// <param name="logits">The logits, shape (V,); minus infinity forbids a token.</param>
    /// <param name="probabilities">
    /// The probabilities, shape (V,): they add up to 1, and are 0 for tokens that are never drawn.
    /// </param>
    /// <exception cref="ArgumentException">The shapes differ, or the logits are not valid for <see cref="Next"/>.</exception>
    public void Probabilities(ReadOnlySpan<float> logits, Span<double> probabilities)
    {
        if (probabilities.Length != logits.Length)
        {
            throw new ArgumentException($"Sampler: there should be {logits.Length} probabilities, one for each logit;"
                + $" got {probabilities.Length}.", nameof(probabilities));
        }

        var (candidates, total) = Weigh(logits, LogitRow.Max(logits, nameof(Sampler)));
        probabilities.Clear();
        foreach (var token in order.AsSpan(0, candidates))
            probabilities[token] = weights[token] / total;
    }

    /// <summary>Computes the weights exp((l_i - max) / temperature), and the order with the tokens that may be drawn.</summary>
    /// <returns>The number of tokens that may be drawn, at least 1, and their total weight.</returns>
    private (int Candidates, double Total) Weigh(ReadOnlySpan<float> logits, float max)
    {
        if (weights.Length < logits.Length)
            (weights, order, keys) = (new double[logits.Length], new int[logits.Length], new Rank[logits.Length]);
        for (var i = 0; i < logits.Length; i++)
        {
            weights[i] = Math.Exp(((double)logits[i] - max) / Temperature);
            order[i] = i;
        }

        var candidates = (TopK > 0 && TopK < logits.Length) || TopP < 1 ? Choose(logits) : logits.Length;
        double total = 0;
        for (var i = 0; i < candidates; i++)
        {
            // The likeliest token has weight 1.
            ref var weight = ref weights[order[i]];
            weight = weight < MinP ? 0 : weight;
            total += weight;
        }

        return (candidates, total);
    }

    /// <summary>Moves the tokens that may be drawn to the front, likeliest first.</summary>
    /// <returns>The number of tokens that may be drawn, at least 1.</returns>
    private int Choose(ReadOnlySpan<float> logits)
    {
        for (var i = 0; i < logits.Length; i++)
            keys[i] = new Rank(logits[i], i);
        keys.AsSpan(0, logits.Length).Sort(order.AsSpan(0, logits.Length));
        var candidates = TopK > 0 ? Math.Min(TopK, logits.Length) : logits.Length;
        if (TopP >= 1)
            return candidates;
        double total = 0;
        for (var i = 0; i < candidates; i++)
            total += weights[order[i]];
        double sum = 0;
        for (var i = 0; i < candidates; i++)
        {
            sum += weights[order[i]];
            if (sum >= TopP * total)
                return i + 1;
        }

        return candidates;
    }

    /// <summary>Orders larger logits first, and lower tokens first among equal ones.</summary>
    private readonly record struct Rank(float Logit, int Token) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            var byLogit = other.Logit.CompareTo(Logit);
            return byLogit != 0 ? byLogit : Token.CompareTo(other.Token);
        }
    }
}
