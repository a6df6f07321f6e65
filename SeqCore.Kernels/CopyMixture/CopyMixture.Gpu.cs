using SeqCore.Kernels.CopyMixture;

namespace SeqCore.Kernels;

public sealed partial class GpuBackend
{
    private protected override void RunCopyMixture(in CopyMixtureArguments a)
    {
        if (a.Rows == 0)
            return;
        using var memory = FindCopies(nameof(CopyMixture), a, out var sources);
        LaunchRows(new CopyMixtureGpuKernel
        {
            Logits = View(a.Logits),
            Gates = View(a.Gates),
            Lengths = View(a.Lengths),
            LogProbabilities = View(a.LogProbabilities),
            Normalizers = View(a.Normalizers),
            Steps = new GpuDivisor(a.Steps),
            Rows = a.Rows,
            Vocabulary = a.Vocabulary,
            Positions = a.SourceLength,
            Team = RowPlace.TeamFor(a.Rows, a.Vocabulary),
        }, a.Rows, a.Vocabulary, AreAlignedRows(a.Vocabulary, a.Logits, a.LogProbabilities), nameof(CopyMixture));
        if (a.SourceLength == 0)
            return;
        Launch(new CopyTokensGpuKernel
        {
            Sources = sources,
            Weights = View(a.Weights),
            Gates = View(a.Gates),
            LogProbabilities = View(a.LogProbabilities),
            Count = a.Rows * a.SourceLength,
            Vocabulary = a.Vocabulary,
        }, Groups(a), nameof(CopyMixture));
    }

    private protected override void RunCopyMixtureGradient(in CopyMixtureArguments a, in CopyMixtureGradients gradients)
    {
        const string Operation = nameof(CopyMixtureGradient);
        if (a.Rows == 0)
            return;
        using var memory = FindCopies(Operation, a, out var sources);
        var dWeights = gradients.DWeights;
        using var weightsMemory = dWeights.IsAbsent ? Scratch((long)a.Rows * a.SourceLength, out dWeights) : null;
        if (a.SourceLength != 0)
        {
            Launch(new CopyWeightGradientsGpuKernel
            {
                Sources = sources,
                Gates = View(a.Gates),
                LogProbabilities = View(a.LogProbabilities),
                DLogProbabilities = View(gradients.DLogProbabilities),
                DWeights = View(dWeights),
                Count = a.Rows * a.SourceLength,
                Vocabulary = a.Vocabulary,
            }, Groups(a), Operation);
        }

        LaunchRows(new CopyMixtureGradientGpuKernel
        {
            Logits = View(a.Logits),
            Weights = View(a.Weights),
            Gates = View(a.Gates),
            Lengths = View(a.Lengths),
            Normalizers = View(a.Normalizers),
            DLogProbabilities = View(gradients.DLogProbabilities),
            DWeights = View(dWeights),
            DLogits = View(gradients.DLogits),
            DGates = View(gradients.DGates),
            Steps = new GpuDivisor(a.Steps),
            Rows = a.Rows,
            Vocabulary = a.Vocabulary,
            Positions = a.SourceLength,
            Team = RowPlace.TeamFor(a.Rows, a.Vocabulary),
        }, a.Rows, a.Vocabulary, AreAlignedRows(a.Vocabulary, a.Logits, gradients.DLogProbabilities, gradients.DLogits),
            Operation);
        if (a.SourceLength == 0 || gradients.DLogits.IsAbsent)
            return;
        Launch(new CopyTokenGradientsGpuKernel
        {
            Sources = sources,
            Weights = View(a.Weights),
            DWeights = View(dWeights),
            DLogits = View(gradients.DLogits),
            Count = a.Rows * a.SourceLength,
            Vocabulary = a.Vocabulary,
        }, Groups(a), Operation);
    }

    /// <summary>Links the equal tokens of each source, and notes tokens and lengths that are out of range.</summary>
    private DeviceBuffer FindCopies(string operation, in CopyMixtureArguments a, out CopyGpuSources sources)
    {
        int positions = a.SourceLength, vocabulary = a.Vocabulary, count = a.Batch * positions;
        var memory = Scratch(2L * count * sizeof(int));
        DeviceSpan<int> next = new(memory, 0, count), isFirst = new(memory, count, count);
        sources = new()
        {
            Tokens = View(a.Tokens),
            Next = View(next),
            IsFirst = View(isFirst),
            Positions = new GpuDivisor(Math.Max(1, positions)),
            Steps = new GpuDivisor(a.Steps),
        };
        if (count == 0)
            return memory;
        var (notes, number) = problems.Watch((place, token) =>
            CopyMixtureText.BadToken(operation, vocabulary, positions, place, token));
        var (lengthNotes, lengthNumber) = problems.Watch((row, length) =>
            CopyMixtureText.BadLength(operation, positions, row, length));
        Launch(new CopyLinksGpuKernel
        {
            Tokens = View(a.Tokens),
            Lengths = View(a.Lengths),
            Next = View(next),
            IsFirst = View(isFirst),
            Notes = notes,
            LengthNotes = lengthNotes,
            Positions = new GpuDivisor(positions),
            Number = number,
            LengthNumber = lengthNumber,
            Count = count,
            Vocabulary = vocabulary,
        }, (count + IGpuKernel.MostThreads - 1) / IGpuKernel.MostThreads, operation);
        return memory;
    }

    /// <summary>Returns the number of groups with a thread for each position of each row.</summary>
    private static int Groups(in CopyMixtureArguments a) =>
        (int)((a.Rows * (long)a.SourceLength + IGpuKernel.MostThreads - 1) / IGpuKernel.MostThreads);
}
