using SeqCore.Kernels;
using SeqCore.Samples.LstmVsTransformer.Contenders;
using SeqCore.Samples.LstmVsTransformer.Forms;
using SeqCore.Samples.LstmVsTransformer.Measuring;
using SeqCore.Samples.LstmVsTransformer.Results;

namespace SeqCore.Samples.LstmVsTransformer.Speed;

/// <summary>Times inference and training against the length of the sequence, for models of equal parameter count.</summary>
internal sealed class SpeedStudy(SpeedForm form, ulong seed, Progress progress, CancellationToken cancellation)
{
    private readonly Sized sized = new(form, seed);

    /// <summary>Measures.</summary>
    internal SpeedResult Run()
    {
        var whole = Curves(form.Lengths, training: false);
        var training = Curves(form.TrainingLengths, training: true);
        var tokens = new List<Curve>();
        foreach (var contender in sized.Contenders)
        {
            cancellation.ThrowIfCancellationRequested();
            using var model = sized.Streaming(contender);
            if (model is not null)
                tokens.Add(TokenByToken.Measure(contender.Name, model, form.Positions, form.Runs));
            Done(contender);
        }

        return new SpeedResult(sized.Sizes, form.Window, whole, training, tokens, Cores());
    }

    private List<Curve> Curves(int[] lengths, bool training)
    {
        var curves = new List<Curve>();
        foreach (var contender in sized.Contenders)
        {
            using var model = sized.Model(contender);
            var points = new List<Point>();
            foreach (var length in lengths.Where(l => sized.IsAffordable(contender, l, training)))
            {
                cancellation.ThrowIfCancellationRequested();
                points.Add(new Point(length, Seconds(model, length, training)));
                Backend.Default.TrimMemory();
            }

            curves.Add(new Curve(contender.Name, points));
            Done(contender);
        }

        return curves;
    }

    private double Seconds(SequenceModel model, int length, bool training)
    {
        using var tokens = WholeSequences.Tokens(length, form.Vocabulary);
        return form.Timing.Least(() =>
        {
            if (training)
                WholeSequences.Train(model, tokens);
            else
                WholeSequences.Infer(model, tokens);
        });
    }

    private CoreGains Cores()
    {
        var before = Backend.Default;
        if (before.Device.Kind != DeviceKind.Cpu)
            return new CoreGains(form.CoresLength, 1, []);
        var all = Times();
        using var single = new CpuBackend(1);
        Backend.Default = single;
        try
        {
            var alone = before.Threads == 1 ? all : Times();
            return new CoreGains(form.CoresLength, before.Threads,
                [.. sized.Contenders.Select((c, i) => new Gain(c.Name, alone[i] / all[i]))]);
        }
        finally
        {
            Backend.Default = before;
        }
    }

    private double[] Times() => [.. sized.Contenders.Select(contender =>
    {
        cancellation.ThrowIfCancellationRequested();
        using var model = sized.Model(contender);
        return Seconds(model, form.CoresLength, training: false);
    })];

    private void Done(Contender contender) => progress.Done(contender.Name, 3 * sized.Contenders.Count);
}
