using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>The tensors of a <see cref="SequencePairBatch"/> on a device.</summary>
internal sealed class SequencePairTensors : IDisposable
{
    internal SequencePairTensors(SequencePairBatch batch, Backend backend)
    {
        var target = new Shape(batch.BatchSize, batch.TargetLength);
        Source = IndexTensor.FromSpan(batch.Source, new Shape(batch.BatchSize, batch.SourceLength), backend);
        Lengths = IndexTensor.FromSpan(batch.SourceLengths, new Shape(batch.BatchSize), backend);
        TargetInputs = IndexTensor.FromSpan(batch.TargetInputs, target, backend);
        Targets = IndexTensor.FromSpan(batch.Targets, target, backend);
        int[] positions = [.. batch.Targets.ToArray().Index().Where(t => t.Item != SpecialToken.Padding).Select(t => t.Index)];
        Positions = IndexTensor.FromSpan(positions, new Shape(positions.Length), backend);
    }

    internal IndexTensor Source { get; }

    internal IndexTensor Lengths { get; }

    internal IndexTensor TargetInputs { get; private set; }

    internal IndexTensor Targets { get; }

    /// <summary>The positions of the targets that are not padding, among all B T, shape (M,).</summary>
    internal IndexTensor Positions { get; }

    internal void ReplaceInputs(ReadOnlySpan<int> inputs)
    {
        var old = TargetInputs;
        TargetInputs = IndexTensor.FromSpan(inputs, old.Shape, old.Backend);
        old.Dispose();
    }

    public void Dispose()
    {
        Source.Dispose();
        Lengths.Dispose();
        TargetInputs.Dispose();
        Targets.Dispose();
        Positions.Dispose();
    }
}
