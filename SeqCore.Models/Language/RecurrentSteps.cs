using SeqCore.Kernels;

namespace SeqCore.Models;

/// <summary>
/// Runs a stack of recurrent layers step by step, without a tape and in evaluation mode, and holds the state between steps.
/// </summary>
internal abstract class RecurrentSteps : IDisposable
{
    private readonly RecurrentLayer owner;
    private readonly int batchSize;

    private protected RecurrentSteps(RecurrentLayer owner, int batchSize) => (this.owner, this.batchSize) = (owner, batchSize);

    /// <summary>The hidden state of the last layer.</summary>
    internal abstract Tensor Hidden { get; }

    /// <summary>
    /// Starts from state 0, on the kernels of a fused layer, or by <c>Forward</c> of an <see cref="Lstm"/> with a projection or
    /// of a custom layer. The caller suspends its scope.
    /// </summary>
    internal static RecurrentSteps Of(RecurrentLayer owner, int batchSize, Backend backend) =>
        owner is FusedRecurrentLayer { Options.ProjectionSize: 0 } fused
            ? new FusedSteps(fused, batchSize, backend)
            : new ForwardSteps(owner, batchSize, backend);

    /// <summary>
    /// Runs one step from x, shape (B, I), to the output, shape (B, <see cref="RecurrentLayer.OutputSize"/>), which the next step
    /// overwrites.
    /// </summary>
    internal abstract Tensor Run(Tensor x);

    /// <summary>Lets each row continue from another one.</summary>
    internal abstract void Reorder(IndexTensor rows);

    /// <summary>Goes back to state 0.</summary>
    internal abstract void Reset();

    /// <summary>Continues from a state, which is copied.</summary>
    /// <exception cref="ArgumentException">
    /// The state belongs to another kind or number of layers, or has another batch size.
    /// </exception>
    internal void Restore(RecurrentState state)
    {
        var layers = owner.Options.Layers;
        if (state.Hidden.Count != layers || state.Parts.Count != owner.StateCount)
        {
            throw new ArgumentException($"LanguageModelStream: the state does not belong to"
                + $" {Counted.Of(layers, "layer")} of kind {owner.Kind}.", nameof(state));
        }

        if (state.Parts.SelectMany(p => p).FirstOrDefault(v => v.Shape.Rank == 0 || v.Shape[0] != batchSize) is { } other)
        {
            throw ShapeException.Wrong(nameof(LanguageModelStream), "a part of the state", $"(B, ...) = ({batchSize}, ...)",
                other.Shape);
        }

        CopyFrom(state);
    }

    /// <summary>Returns a copy of the state, outside every scope; the caller disposes it.</summary>
    internal abstract RecurrentState CopyState();

    /// <inheritdoc/>
    public abstract void Dispose();

    private protected abstract void CopyFrom(RecurrentState state);
}
