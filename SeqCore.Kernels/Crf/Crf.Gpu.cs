using SeqCore.Kernels.Crf;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunCrf(in CrfArguments a, in CrfGradients gradients)
    {
        var operation = gradients.AreWanted ? nameof(CrfGradient) : nameof(Crf);
        WatchCrf(operation, a, a.Targets);
        int width = (a.Tags + 2) * a.Tags, rows = 4 + 2 * (gradients.AreWanted ? a.Steps : 1);
        DeviceSpan<float> sums = default, shifts = default;
        using var sumsBuffer = gradients.AreSumsWanted ? Scratch((long)a.Batch * width, out sums) : null;
        using var shiftsBuffer = gradients.AreWanted ? Scratch((long)a.Batch * a.Steps, out shifts) : null;
        using var memory = Scratch((long)a.Batch * rows * a.Tags, out var states);
        Launch(new CrfGpuKernel
        {
            Scores = ScoresOf(a),
            Targets = View(a.Targets),
            Scales = View(a.Scales),
            Losses = View(a.Losses),
            DEmissions = View(gradients.DEmissions),
            Sums = View(sums),
            Memory = View(states),
            Shifts = View(shifts),
            ScaleStride = a.Scales.Length == 1 ? 0 : 1,
            Scale = a.Scale,
            IsBackward = gradients.AreWanted ? 1 : 0,
        }, a.Batch, operation);
        if (!gradients.AreSumsWanted)
            return;
        Launch(new CrfSums
        {
            Sums = View(sums),
            Transitions = View(gradients.DTransitions),
            Start = View(gradients.DStart),
            End = View(gradients.DEnd),
            Batch = a.Batch,
            Tags = a.Tags,
        }, (width + 255) / 256, operation);
    }

    private protected override void RunCrfDecode(in CrfArguments a, DeviceSpan<int> tags, DeviceSpan<float> scores)
    {
        WatchCrf(nameof(CrfDecode), a, default);
        using var memory = Scratch(2L * a.Batch * a.Tags, out var states);
        using var paths = Scratch((long)a.Batch * a.Steps * a.Tags, out var before);
        Launch(new CrfPathGpuKernel
        {
            Scores = ScoresOf(a),
            Found = View(tags),
            Best = View(scores),
            Memory = View(states),
            Before = before.Buffer is { } buffer ? View(new DeviceSpan<int>(buffer, before.Offset, before.Length)) : default,
        }, a.Batch, nameof(CrfDecode));
    }

    private CrfGpuScores ScoresOf(in CrfArguments a) => new()
    {
        Emissions = View(a.Emissions),
        Transitions = View(a.Transitions),
        Start = View(a.Start),
        End = View(a.End),
        Lengths = View(a.Lengths),
        Steps = a.Steps,
        Tags = a.Tags,
    };

    private void WatchCrf(string operation, in CrfArguments a, DeviceSpan<int> targets)
    {
        if ((a.Lengths.IsAbsent && targets.IsAbsent) || a.Steps == 0)
            return;
        int steps = a.Steps, tags = a.Tags;
        var (notes, number) = problems.Watch((row, length) => CrfText.BadLength(operation, steps, row, length));
        var (targetNotes, targetNumber) = problems.Watch((place, target) =>
            CrfText.BadTarget(operation, tags, steps, place, target));
        Launch(new CrfValues
        {
            Lengths = View(a.Lengths),
            Targets = View(targets),
            Notes = notes,
            Number = number,
            TargetNotes = targetNotes,
            TargetNumber = targetNumber,
            Batch = a.Batch,
            Tags = tags,
            Steps = new GpuDivisor(steps),
        }, (int)(((long)a.Batch * steps + 255) / 256), operation);
    }
}
