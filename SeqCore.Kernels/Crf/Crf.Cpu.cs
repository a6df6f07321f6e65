using SeqCore.Kernels.Crf;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunCrf(in CrfArguments a, in CrfGradients gradients)
    {
        CheckValues(gradients.AreWanted ? nameof(CrfGradient) : nameof(Crf), a);
        using var tables = Take(CrfTables.Length(a.Tags) * sizeof(float));
        int chunks = CrfChunks(a, gradients), width = CrfTables.WidthOf(a.Tags);
        var length = gradients.AreSumsWanted ? CrfSequences.SumLength(a.Tags) : 0;
        using var sums = Take(chunks * length * sizeof(float));
        var sequences = new CrfSequences
        {
            Backend = this,
            Tables = new CrfTables(a, tables.Pointer),
            Steps = a.Steps,
            Tags = a.Tags,
            Emissions = a.Emissions.Pointer(),
            Start = a.Start.Pointer(),
            End = a.End.Pointer(),
            Targets = a.Targets.Pointer(),
            Lengths = a.Lengths.Pointer(),
            Scales = a.Scales.Pointer(),
            ScaleStride = a.Scales.Length == 1 ? 0 : 1,
            Scale = a.Scale,
            Losses = a.Losses.Pointer(),
            DEmissions = gradients.DEmissions.Pointer(),
            Sums = length == 0 ? null : sums.Pointer,
            IsBackward = gradients.AreWanted,
            Batch = a.Batch,
            Chunks = chunks,
        };
        sequences.Tables.Fill();
        Run(chunks, ref sequences, (long)a.Batch * a.Steps * a.Tags * (width + 32L), Workers);
        for (var i = 0; i < a.Tags && !gradients.DTransitions.IsAbsent; i++)
        {
            var to = gradients.DTransitions.Pointer() + (nint)i * a.Tags;
            BlockSums.Add(sums.Pointer + (nint)i * width, (int)length, to, chunks, a.Tags);
        }

        if (!gradients.DStart.IsAbsent)
            BlockSums.Add(sums.Pointer + (nint)a.Tags * width, (int)length, gradients.DStart.Pointer(), chunks, a.Tags);
        if (!gradients.DEnd.IsAbsent)
            BlockSums.Add(sums.Pointer + (a.Tags + 1L) * width, (int)length, gradients.DEnd.Pointer(), chunks, a.Tags);
    }

    private protected override void RunCrfDecode(in CrfArguments a, DeviceSpan<int> tags, DeviceSpan<float> scores)
    {
        CheckValues(nameof(CrfDecode), a with { Targets = default });
        using var tables = Take(CrfTables.Length(a.Tags) * sizeof(float));
        var paths = new CrfPaths
        {
            Backend = this,
            Tables = new CrfTables(a, tables.Pointer),
            Steps = a.Steps,
            Tags = a.Tags,
            Emissions = a.Emissions.Pointer(),
            Start = a.Start.Pointer(),
            End = a.End.Pointer(),
            Lengths = a.Lengths.Pointer(),
            Found = tags.Pointer(),
            Scores = scores.Pointer(),
        };
        paths.Tables.Fill();
        Run(a.Batch, ref paths, (long)a.Batch * a.Steps * a.Tags * CrfTables.WidthOf(a.Tags), Workers);
    }

    /// <summary>
    /// Returns the number of chunks of sequences; it depends on the sizes only. Each chunk has sums of its own if there are any.
    /// </summary>
    private static int CrfChunks(in CrfArguments a, in CrfGradients gradients)
    {
        const int MostChunks = 64;
        const long MostFloats = 1 << 22;
        return gradients.AreSumsWanted
            ? (int)Math.Clamp(MostFloats / CrfSequences.SumLength(a.Tags), 1, Math.Clamp(a.Batch, 1, MostChunks))
            : Math.Max(1, a.Batch);
    }

    private static void CheckValues(string operation, in CrfArguments a)
    {
        int* lengths = a.Lengths.Pointer(), targets = a.Targets.Pointer();
        for (var b = 0; b < a.Batch; b++)
        {
            var length = lengths == null ? a.Steps : lengths[b];
            if ((uint)length > (uint)a.Steps)
                throw new ArgumentException(CrfText.BadLength(operation, a.Steps, b, length));
            for (var t = 0; t < length && targets != null; t++)
            {
                var place = b * a.Steps + t;
                if ((uint)targets[place] >= (uint)a.Tags)
                    throw new ArgumentException(CrfText.BadTarget(operation, a.Tags, a.Steps, place, targets[place]));
            }
        }
    }
}
