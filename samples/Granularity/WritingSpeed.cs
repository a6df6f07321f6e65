using System.Diagnostics;
using SeqCore.Models;

namespace SeqCore.Samples.Granularity;

/// <summary>Measures how fast a model writes one text, token by token.</summary>
internal static class WritingSpeed
{
    private const int Tokens = 200, Repetitions = 4;
    private const float Temperature = 0.8f;

    /// <summary>Writes the same text some times and takes the fastest.</summary>
    /// <param name="model">The model.</param>
    /// <param name="units">The tokens of the text that the model was trained on.</param>
    /// <param name="seed">The seed of the text.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <returns>Tokens a second, and the text.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static (double TokensPerSecond, string Sample) Measure(LanguageModel model, Segmentation units, ulong seed,
        CancellationToken cancellation)
    {
        using var stream = model.NewStream();
        var options = new GenerationOptions
        {
            MaximumLength = Tokens,
            ForbiddenTokens = units.NeverWritten,
            KeptContext = model.MaximumLength is { } most ? Math.Max(1, most / 2) : null,
        };
        var (best, sample) = (0.0, "");
        for (var i = 0; i < Repetitions; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            stream.Reset();
            var generator = new TextGenerator(stream, new Sampler(new RandomGenerator(seed), Temperature));
            var start = Stopwatch.GetTimestamp();
            var text = generator.Generate([units.Training[^1]], options)[0];
            best = Math.Max(best, Tokens / Stopwatch.GetElapsedTime(start).TotalSeconds);
            sample = units.Decode(text.Tokens.Span);
        }

        return (best, sample);
    }
}
