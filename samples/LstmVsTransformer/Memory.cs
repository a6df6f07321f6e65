using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.LstmVsTransformer;

/// <summary>The memory beyond the model's parameters, in bytes.</summary>
/// <param name="Models">The sizes of the models.</param>
/// <param name="Window">Steps that the sliding window sees.</param>
/// <param name="Inference">The memory taken from the system for a whole sequence, by length.</param>
/// <param name="Training">The same for forward and backward, gradients of the parameters included.</param>
/// <param name="State">The memory of a stream after a number of tokens: its state, or cached keys and values.</param>
internal sealed record MemoryResult(
    IReadOnlyList<ModelSize> Models, int Window, IReadOnlyList<Curve> Inference, IReadOnlyList<Curve> Training,
    IReadOnlyList<Curve> State);

/// <summary>
/// Measures what a sequence takes beyond the model itself, by the counters of a backend that does nothing else.
/// </summary>
/// <param name="lengths">Whole sequences, and tokens that a stream has read.</param>
/// <param name="seed">The seed of all random numbers.</param>
/// <param name="progress">Shows the progress.</param>
/// <param name="cancellation">Stops early.</param>
internal sealed class MemoryStudy(int[] lengths, ulong seed, Progress progress, CancellationToken cancellation)
{
    /// <summary>Runs the measurement.</summary>
    internal MemoryResult Run()
    {
        var before = Backend.Default;
        using var alone = new Machine(before.Device.CreateBackend(before.Device.Kind == DeviceKind.Cpu ? before.Threads : 0));
        var sized = new SizedModels(seed);
        var (inference, training, state) = (new List<Curve>(), new List<Curve>(), new List<Curve>());
        foreach (var contender in SizedModels.Contenders)
        {
            using (var model = sized.Model(contender))
            {
                inference.Add(Curve(contender, training: false, tokens => WholeSequences.Infer(model, tokens)));
                training.Add(Curve(contender, training: true, tokens => WholeSequences.Train(model, tokens),
                    model.ZeroGradients));
            }

            using (var model = sized.Streaming(contender))
            {
                if (model is not null)
                    state.Add(new Curve(contender, [.. lengths.Select(l => new Point(l, Held(model, l)))]));
            }

            progress.Done(contender.Name(), SizedModels.Contenders.Count);
        }

        return new MemoryResult(sized.Sizes, SpeedSettings.Window, inference, training, state);
    }

    private Curve Curve(Contender contender, bool training, Action<IndexTensor> run, Action? afterwards = null) =>
        new(contender, [.. lengths.Where(l => SizedModels.IsAffordable(contender, l, training))
            .Select(l => new Point(l, Peak(l, run, afterwards)))]);

    // The pool keeps what it takes from the system until it is trimmed, so afterwards its size is the peak. A GPU's pool takes
    // large pieces, so there the peak of the memory in use is more precise.
    private double Peak(int length, Action<IndexTensor> run, Action? afterwards)
    {
        cancellation.ThrowIfCancellationRequested();
        using var tokens = WholeSequences.Tokens(length, SpeedSettings.Vocabulary);
        run(tokens);
        afterwards?.Invoke();
        ReleaseMemory();
        var before = Backend.Default.Memory;
        run(tokens);
        var after = Backend.Default.Memory;
        var peak = Backend.Default.Device.Kind == DeviceKind.Cpu
            ? after.Reserved - before.Reserved
            : after.PeakInUse - before.InUse;
        afterwards?.Invoke();
        ReleaseMemory();
        return peak;
    }

    private double Held(LanguageModel model, int length)
    {
        cancellation.ThrowIfCancellationRequested();
        int[] tokens = [.. Enumerable.Range(0, length).Select(i => i % SpeedSettings.Vocabulary)];

        // The first stream makes the model's table of positions as long as it has to be.
        using (var first = model.NewStream())
            ReadOneByOne(first, tokens);
        ReleaseMemory();
        var before = Backend.Default.Memory.InUse;
        using var stream = model.NewStream();
        ReadOneByOne(stream, tokens);
        return Backend.Default.Memory.InUse - before;
    }

    private static void ReadOneByOne(TokenStream stream, int[] tokens)
    {
        foreach (var token in tokens)
            stream.Step(token);
    }

    /// <summary>Returns unused memory to the system.</summary>
    private static void ReleaseMemory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Backend.Default.TrimMemory();
    }
}
