using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Samples.Granularity;

/// <summary>
/// Scores a model on every token of a held-out text. The first is predicted from the last token of training; a recurrent model
/// carries its state through the whole text, and a gpt sees at least half of its context before each token, as far as there are
/// that many.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="context">The number of tokens in a window, T; the largest number that a gpt sees.</param>
internal sealed class HeldOutScore(LanguageModel model, int context)
{
    private const int Ignored = -100, WindowsAtOnce = 16;

    private Backend Backend => model.Parameters().First().Value.Backend;

    /// <summary>Computes the sum of the bits of all tokens.</summary>
    /// <param name="before">The token before the text.</param>
    /// <param name="text">The tokens of the text, at least one.</param>
    /// <param name="cancellation">Stops early.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public double Bits(int before, int[] text, CancellationToken cancellation)
    {
        model.Evaluate();
        int[] all = [before, .. text];
        var nats = model is RecurrentLanguageModel recurrent
            ? OfStream(recurrent, all, cancellation)
            : OfWindows(all, cancellation);
        return nats / Math.Log(2);
    }

    private double OfStream(RecurrentLanguageModel recurrent, int[] all, CancellationToken cancellation)
    {
        var total = 0.0;
        RecurrentState? state = null;
        try
        {
            for (var at = 0; at < all.Length - 1; at += context)
            {
                cancellation.ThrowIfCancellationRequested();
                var length = Math.Min(context, all.Length - 1 - at);
                var shape = new Shape(1, length);
                using var scope = new TensorScope("held-out text");
                using var x = IndexTensor.FromSpan(all.AsSpan(at, length), shape, Backend);
                using var y = IndexTensor.FromSpan(all.AsSpan(at + 1, length), shape, Backend);
                var (logits, next) = recurrent.Forward(x, state);
                total += logits.CrossEntropy(y, LossReduction.Sum).Value.Item();
                var kept = next.Keep();
                state?.Dispose();
                state = kept;
            }
        }
        finally
        {
            state?.Dispose();
        }

        return total;
    }

    private double OfWindows(int[] all, CancellationToken cancellation)
    {
        var total = 0.0;
        foreach (var windows in Windows(all.Length - 1, context).Chunk(WindowsAtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            var length = Math.Min(context, all.Length - 1);
            var (inputs, targets) = (new int[windows.Length * length], new int[windows.Length * length]);
            Array.Fill(targets, Ignored);
            foreach (var (row, (start, scored)) in windows.Index())
            {
                all.AsSpan(start, length).CopyTo(inputs.AsSpan(row * length));
                var skipped = scored - start;
                all.AsSpan(scored + 1, length - skipped).CopyTo(targets.AsSpan((row * length) + skipped));
            }

            using var scope = new TensorScope("held-out text");
            var shape = new Shape(windows.Length, length);
            using var x = IndexTensor.FromSpan(inputs, shape, Backend);
            using var y = IndexTensor.FromSpan(targets, shape, Backend);
            total += model.Predict(x).CrossEntropy(y, LossReduction.Sum, Ignored).Value.Item();
        }

        return total;
    }

    /// <summary>
    /// The windows of a text, all of one length: each begins at Start and predicts the tokens after its positions from Scored on,
    /// so that every token is scored once.
    /// </summary>
    internal static IEnumerable<(int Start, int Scored)> Windows(int count, int context)
    {
        for (var scored = 0; scored < count;)
        {
            var start = Math.Max(0, Math.Min(scored - (context / 2), count - context));
            yield return (start, scored);
            scored = start + context;
        }
    }
}
