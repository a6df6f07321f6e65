using System.Runtime.InteropServices;
using SeqCore.Kernels;
using Numerics = System.Numerics.Tensors;

namespace SeqCore;

public sealed partial class Tensor
{
    /// <summary>Makes a tensor from values in row-major order.</summary>
    /// <exception cref="ShapeException">The number of values is not the number of elements of the shape.</exception>
    public static Tensor FromSpan(ReadOnlySpan<float> values, Shape shape, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (values.Length != shape.ElementCount)
        {
            throw ShapeException.Wrong("FromSpan", "values", $"({shape.ElementCount},)", new Shape(values.Length),
                $"the shape is {shape}");
        }

        var result = Uninitialized(shape, backend);
        result.Backend.Upload(values, result.Span);
        return result;
    }

    /// <summary>Makes a vector from an array.</summary>
    public static Tensor FromArray(float[] values, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromSpan(values, new Shape(values.Length), backend);
    }

    /// <summary>Makes a matrix from an array.</summary>
    public static Tensor FromArray(float[,] values, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromSpan(values.Length == 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref values[0, 0], values.Length),
            new Shape(values.GetLength(0), values.GetLength(1)), backend);
    }

    /// <summary>Makes a tensor of three axes from an array.</summary>
    public static Tensor FromArray(float[,,] values, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        return FromSpan(values.Length == 0 ? default : MemoryMarshal.CreateReadOnlySpan(ref values[0, 0, 0], values.Length),
            new Shape(values.GetLength(0), values.GetLength(1), values.GetLength(2)), backend);
    }

    /// <summary>Makes a matrix from its rows.</summary>
    /// <exception cref="ShapeException">A row does not have the length of the first.</exception>
    public static Tensor FromArray(float[][] rows, Backend? backend = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var columns = rows.Length == 0 ? 0 : rows[0].Length;
        var shape = new Shape(rows.Length, columns);
        var values = HostArray.New<float>($"FromArray: {shape}", shape.ElementCount);
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Length != columns)
            {
                throw ShapeException.Wrong("FromArray", $"rows[{i}]", $"({columns},)", new Shape(rows[i].Length),
                    "that is the length of rows[0]");
            }

            rows[i].CopyTo(values, i * columns);
        }

        return FromSpan(values, shape, backend);
    }

    /// <summary>Copies a tensor of System.Numerics.Tensors.</summary>
    /// <exception cref="SizeLimitException">The tensor has more than 2^31 - 1 elements.</exception>
    public static Tensor FromNumerics(scoped in Numerics.ReadOnlyTensorSpan<float> values, Backend? backend = null)
    {
        Span<int> sizes = stackalloc int[Math.Min(values.Rank, Layout.MaxRank + 1)];
        for (var i = 0; i < sizes.Length; i++)
            sizes[i] = SizeLimitException.Check($"FromNumerics: axis {i}", values.Lengths[i], "Convert the tensor in parts.");
        var shape = new Shape(sizes);
        var flat = HostArray.New<float>($"FromNumerics: {shape}", shape.ElementCount);
        values.FlattenTo(flat);
        return FromSpan(flat, shape, backend);
    }

    /// <summary>
    /// Copies this tensor to a tensor of System.Numerics.Tensors, which has no scalars; a scalar becomes one element on one axis.
    /// </summary>
    public Numerics.Tensor<float> ToNumerics()
    {
        var lengths = new nint[Math.Max(1, Rank)];
        lengths[0] = 1;
        for (var i = 0; i < Rank; i++)
            lengths[i] = Shape[i];
        return Numerics.Tensor.Create(ToArray(), lengths);
    }

    /// <summary>Copies the values, in row-major order, to an array; waits for the device.</summary>
    public float[] ToArray()
    {
        var result = HostArray.New<float>("ToArray", ElementCount);
        CopyTo(result);
        return result;
    }

    /// <summary>Copies the values of a matrix to an array of two dimensions.</summary>
    /// <exception cref="ShapeException">The tensor does not have two axes.</exception>
    public float[,] ToArray2D()
    {
        if (Rank != 2)
            throw ShapeException.Wrong("ToArray2D", "tensor", "(rows, columns)", Shape);
        var result = HostArray.NewMatrix<float>("ToArray2D", Shape[0], Shape[1]);
        if (ElementCount > 0)
            CopyTo(MemoryMarshal.CreateSpan(ref result[0, 0], result.Length));
        return result;
    }

    /// <summary>Copies the rows of a matrix to arrays.</summary>
    /// <exception cref="ShapeException">The tensor does not have two axes.</exception>
    public float[][] ToRows()
    {
        if (Rank != 2)
            throw ShapeException.Wrong("ToRows", "tensor", "(rows, columns)", Shape);
        var flat = ToArray();
        var rows = new float[Shape[0]][];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = flat.AsSpan(i * Shape[1], Shape[1]).ToArray();
        return rows;
    }

    /// <summary>Copies the values, in row-major order, to the host.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyTo(Span<float> destination)
    {
        if (destination.Length < ElementCount)
        {
            throw new ArgumentException($"CopyTo: the destination should hold {Counted.Of(ElementCount, "value")}, shape {Shape};"
                + $" its length is {destination.Length}.", nameof(destination));
        }

        ThrowIfDisposed();
        var contiguous = Contiguous();
        Backend.Download(contiguous.Span, destination[..ElementCount]);
        if (!ReferenceEquals(contiguous, this))
            contiguous.Dispose();
    }

    /// <summary>
    /// Converts the elements to indices, rounded towards 0, as a cast in C# and as PyTorch's <c>int()</c> do; call
    /// <see cref="Round"/> or <see cref="Floor"/> first for another rounding. A GPU reports an element that int32 does not have
    /// at the next read of a value.
    /// </summary>
    /// <exception cref="ArgumentException">An element is NaN, infinite or out of the range of int32.</exception>
    public IndexTensor ToIndex()
    {
        ThrowIfDisposed();
        var contiguous = Contiguous();
        var result = IndexTensor.Uninitialized(Shape, Backend);
        try
        {
            Backend.FloatsToIndices(contiguous.Span, result.Span);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
        finally
        {
            if (!ReferenceEquals(contiguous, this))
                contiguous.Dispose();
        }
    }

    /// <summary>Returns this tensor if it is on the backend already, else a copy there.</summary>
    public Tensor To(Backend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return backend == Backend ? this : FromSpan(ToArray(), Shape, backend);
    }
}
