namespace SeqCore.Kernels;

/// <summary>y = f(x) for each element, with its derivative: a struct whose fields are the operation's constants.</summary>
/// <remarks>
/// To run on a GPU, it and its enclosing types should be public (or internal, in an assembly that makes its internals visible to
/// <c>ILGPURuntime</c>), and its fields should be numbers; it is compiled for the device on first use.
/// </remarks>
public interface IUnaryOperation
{
    /// <summary>Returns f(x).</summary>
    T Apply<T>(T x) where T : struct, ILane<T>;

    /// <summary>Returns df/dx, given x and y = f(x).</summary>
    T Derivative<T>(T x, T y) where T : struct, ILane<T>;
}

/// <summary>z = f(x, y) for each pair of elements, with its derivatives.</summary>
/// <remarks>For a GPU, see <see cref="IUnaryOperation"/>.</remarks>
public interface IBinaryOperation
{
    /// <summary>Returns f(x, y).</summary>
    T Apply<T>(T x, T y) where T : struct, ILane<T>;

    /// <summary>Returns df/dx, given x, y and z = f(x, y).</summary>
    T DerivativeX<T>(T x, T y, T z) where T : struct, ILane<T>;

    /// <summary>Returns df/dy, given x, y and z = f(x, y).</summary>
    T DerivativeY<T>(T x, T y, T z) where T : struct, ILane<T>;
}
