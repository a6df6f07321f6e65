using SeqCore.Kernels.Conv1d;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunConv1d(in Conv1dArguments a)
    {
        var s = a.Shape;
        using var limits = Conv1dLimits(nameof(Conv1d), s, a.Lengths);
        var inputs = (int*)limits.Pointer;
        var rows = new Conv1dRows
        {
            Taps = Conv1dTaps.Forward(s),
            In = a.X.Pointer(),
            InLimits = inputs,
            OutLimits = inputs == null ? null : inputs + s.Batch,
        };
        using var arranged = Take((long)s.Outputs * s.GroupInputs * s.Kernel * sizeof(float));
        SumTaps(s, rows, a.Weight.Pointer(), a.Bias.Pointer(), a.Y.Pointer(), arranged.Pointer, isBackward: false);
    }

    private protected override void RunConv1dGradient(in Conv1dArguments a, in Conv1dGradients gradients)
    {
        var s = a.Shape;
        using var limits = Conv1dLimits(nameof(Conv1dGradient), s, a.Lengths);
        int* inputs = (int*)limits.Pointer, outputs = inputs == null ? null : inputs + s.Batch;
        if (!gradients.DX.IsAbsent)
        {
            using var arranged = Take((long)s.Outputs * s.GroupInputs * s.Kernel * sizeof(float));
            for (var remainder = 0; remainder < Math.Min(s.Stride, s.Steps); remainder++)
            {
                var rows = new Conv1dRows
                {
                    Taps = Conv1dTaps.Backward(s, remainder),
                    In = gradients.DY.Pointer(),
                    InLimits = outputs,
                    OutLimits = inputs,
                };
                SumTaps(s, rows, a.Weight.Pointer(), null, gradients.DX.Pointer(), arranged.Pointer, isBackward: true);
            }
        }

        if (!gradients.DWeight.IsAbsent || !gradients.DBias.IsAbsent)
        {
            WeightGradient(s, new Conv1dRows
            {
                Taps = Conv1dTaps.Forward(s),
                In = a.X.Pointer(),
                InLimits = inputs,
                OutLimits = outputs,
            }, gradients);
        }
    }

    /// <summary>Computes all rows of a sum over taps.</summary>
    private void SumTaps(in Conv1dShape s, in Conv1dRows rows, float* weight, float* bias, float* result, float* arranged,
        bool isBackward)
    {
        if (rows.Total == 0)
            return;
        var weights = Conv1dWeights.Arrange(this, weight, s, rows.Taps, arranged, isBackward && !s.IsDepthwise, s.IsDepthwise);
        if (s.IsDepthwise)
        {
            var channels = Conv1dDepthwise.Of(rows, arranged, bias, result);
            Workers.For(channels.Count, ref channels);
            return;
        }

        var panels = rows.Taps.Taps == 0 ? [] : weights.Pack(this);
        var products = new Conv1dProducts(this, rows, panels, bias, result);
        Run(products.Count, ref products, products.Work, Workers);
        foreach (var packed in panels)
            packed.Dispose();
    }

    private void WeightGradient(in Conv1dShape s, in Conv1dRows rows, in Conv1dGradients gradients)
    {
        var gradient = new Conv1dWeightGradient
        {
            Backend = this,
            Rows = rows,
            DY = gradients.DY.Pointer(),
            WantsWeight = !gradients.DWeight.IsAbsent,
            WantsBias = !gradients.DBias.IsAbsent,
            Parts = Conv1dWeightGradient.PartsOf(rows),
        };
        using var sums = Take((long)gradient.Parts * gradient.PartLength * sizeof(float));
        gradient.Sums = sums.Pointer;
        if (gradient.Parts == 1)
            gradient.Invoke(0);
        else
            Run(gradient.Parts, ref gradient, gradient.Work, Workers);
        if (gradient.WantsBias)
        {
            BlockSums.Add(sums.Pointer + gradient.WeightLength, gradient.PartLength, gradients.DBias.Pointer(), gradient.Parts,
                s.Outputs);
        }

        if (!gradient.WantsWeight)
            return;
        var sum = new Conv1dWeightSum
        {
            Backend = this,
            Sums = sums.Pointer,
            DWeight = gradients.DWeight.Pointer(),
            Parts = gradient.Parts,
            PartLength = gradient.PartLength,
            Outputs = s.Outputs,
            Inputs = s.GroupInputs,
            Taps = s.Kernel,
            IsDepthwise = s.IsDepthwise,
            PerChunk = RowChunking.PerChunk(s.GroupInputs * s.Kernel * (1 + gradient.Parts / 4)),
        };
        Workers.For(RowChunking.Chunks(s.Outputs, sum.PerChunk), ref sum);
    }

    /// <summary>Checks the lengths; returns those of the inputs, then those of the results, or nothing.</summary>
    private Scratch Conv1dLimits(string operation, in Conv1dShape s, DeviceSpan<int> lengths)
    {
        if (lengths.IsAbsent)
            return default;
        var scratch = Take(2L * s.Batch * sizeof(int));
        var given = lengths.Pointer();
        var limits = (int*)scratch.Pointer;
        for (var b = 0; b < s.Batch; b++)
        {
            if ((uint)given[b] > (uint)s.Steps)
            {
                scratch.Dispose();
                throw new ArgumentException(Conv1dChecks.BadLength(operation, s.Steps, b, given[b]));
            }

            limits[b] = given[b];
            limits[s.Batch + b] = s.OutputLength(given[b]);
        }

        return scratch;
    }
}
