using SeqCore.Kernels;
using SeqCore.Models;
using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Forms;
using SeqCore.Samples.LstmVsTransformer.Measuring;
using SeqCore.Samples.LstmVsTransformer.Results;
using SeqCore.Samples.LstmVsTransformer.Speed;

namespace SeqCore.Samples.LstmVsTransformer.Memory;

/// <summary>
/// Reads, from the counters of a backend that does nothing else, what a sequence takes beyond the model itself.
/// </summary>
internal sealed class MemoryStudy(SpeedForm sizes, MemoryForm form, ulong seed, Progress progress, CancellationToken cancellation)
{
    /// <summary>Measures.</summary>
    internal MemoryResult Run()
    {
        var before = Backend.Default;
        using var backend = before.Device.CreateBackend(before.Device.Kind == DeviceKind.Cpu ? before.Threads : 0);
        Backend.Default = backend;
        try
        {
            var sized = new Sized(sizes, seed);
            var (inference, training, state) = (new List<Curve>(), new List<Curve>(), new List<Curve>());
            foreach (var contender in sized.Contenders)
            {
                using (var model = sized.Model(contender))
                {
                    inference.Add(Curve(contender, sized, training: false, tokens => WholeSequences.Infer(model, tokens)));
                    training.Add(Curve(contender, sized, training: true, tokens => WholeSequences.Train(model, tokens),
                        model.ZeroGradients));
                }

                using (var model = sized.Streaming(contender))
                {
                    if (model is not null)
                        state.Add(new Curve(contender.Name, [.. form.Lengths.Select(l => new Point(l, Held(model, l)))]));
                }

                progress.Done(contender.Name, sized.Contenders.Count);
            }

            return new MemoryResult(sized.Sizes, sizes.Window, inference, training, state);
        }
        finally
        {
            Backend.Default = before;
        }
    }

    private Curve Curve(Contender contender, Sized sized, bool training, Action<IndexTensor> run, Action? afterwards = null) =>
        new(contender.Name, [.. form.Lengths.Where(l => sized.IsAffordable(contender, l, training))
            .Select(l => new Point(l, Peak(l, run, afterwards)))]);

    // What the pool takes from the system it keeps until it is trimmed, so afterwards it tells the most that was needed. A GPU's
    // pool takes large pieces, so there the most that was handed out tells more.
    private double Peak(int length, Action<IndexTensor> run, Action? afterwards)
    {
        cancellation.ThrowIfCancellationRequested();
        using var tokens = WholeSequences.Tokens(length, sizes.Vocabulary);
        run(tokens);
        afterwards?.Invoke();
        Settle();
        var before = Backend.Default.Memory;
        run(tokens);
        var after = Backend.Default.Memory;
        var peak = Backend.Default.Device.Kind == DeviceKind.Cpu
            ? after.Reserved - before.Reserved
            : after.MostInUse - before.InUse;
        afterwards?.Invoke();
        Settle();
        return peak;
    }

    private double Held(LanguageModel model, int length)
    {
        cancellation.ThrowIfCancellationRequested();
        int[] tokens = [.. Enumerable.Range(0, length).Select(i => i % sizes.Vocabulary)];

        // The first stream makes the model's table of positions as long as it has to be.
        using (var first = model.NewStream())
            ReadOneByOne(first, tokens);
        Settle();
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

    /// <summary>Gives back what nobody uses any more.</summary>
    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Backend.Default.TrimMemory();
    }
}
