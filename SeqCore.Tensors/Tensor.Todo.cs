namespace SeqCore.Tensors;

public sealed partial class Tensor
{
    /// <summary>Adds other, broadcast, to the elements in place.</summary>
    public void AddInPlace(Tensor other) => throw new NotImplementedException();

    /// <summary>Sums over the axes by which this shape was broadcast from the given one; this tensor itself if equal.</summary>
    public Tensor SumTo(Shape shape) => throw new NotImplementedException();

    /// <summary>Whether no element is NaN or infinite.</summary>
    public bool IsFinite() => throw new NotImplementedException();

    /// <summary>The same elements in another shape: a view where the layout allows, else a copy.</summary>
    public Tensor Reshape(Shape shape) => throw new NotImplementedException();
}
