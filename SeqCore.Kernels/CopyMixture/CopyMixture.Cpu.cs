using SeqCore.Kernels.CopyMixture;

namespace SeqCore.Kernels;

public sealed unsafe partial class CpuBackend
{
    private protected override void RunCopyMixture(in CopyMixtureArguments a) => RunCopyMixture(nameof(CopyMixture), a, default);

    private protected override void RunCopyMixtureGradient(in CopyMixtureArguments a, in CopyMixtureGradients gradients) =>
        RunCopyMixture(nameof(CopyMixtureGradient), a, gradients);

    private void RunCopyMixture(string operation, in CopyMixtureArguments a, in CopyMixtureGradients gradients)
    {
        using var tokens = Take(SourceTokens.Length(a.Batch, a.SourceLength) * sizeof(int));
        using var places = Take(a.Vocabulary * (long)sizeof(int));
        var sources = new SourceTokens((int*)tokens.Pointer, a.Batch, a.SourceLength);
        sources.Find(operation, a, (int*)places.Pointer);
        var rows = new CopyMixtureRows
        {
            Backend = this,
            Sources = sources,
            Steps = a.Steps,
            Vocabulary = a.Vocabulary,
            Positions = a.SourceLength,
            Logits = a.Logits.Pointer(),
            Weights = a.Weights.Pointer(),
            Gates = a.Gates.Pointer(),
            LogProbabilities = a.LogProbabilities.Pointer(),
            Normalizers = a.Normalizers.Pointer(),
            DLogProbabilities = gradients.DLogProbabilities.Pointer(),
            DLogits = gradients.DLogits.Pointer(),
            DWeights = gradients.DWeights.Pointer(),
            DGates = gradients.DGates.Pointer(),
            IsBackward = operation == nameof(CopyMixtureGradient),
            Rows = a.Rows,
            PerChunk = RowChunking.PerChunk((int)Math.Min(int.MaxValue, a.Vocabulary + 4L * a.SourceLength)),
        };
        Workers.For(RowChunking.Chunks(a.Rows, rows.PerChunk), ref rows);
    }
}
