namespace SeqCore.Kernels.Elementwise;

/// <summary>
/// The computation of one element by a thread, from up to four operands, with one or two results. The kernels around it handle
/// the layouts; operands that it does not have are passed as 0.
/// </summary>
internal interface IGpuMap
{
    /// <summary>The number of operands that are read, 1 to 4.</summary>
    static abstract int Inputs { get; }

    /// <summary>The number of results, 1 or 2.</summary>
    static abstract int Results { get; }

    /// <summary>Computes the first result.</summary>
    float First(float a, float b, float c, float d);

    /// <summary>Computes the second result.</summary>
    float Second(float a, float b, float c, float d);
}

/// <summary>y = f(x) of (x).</summary>
internal readonly struct UnaryMap<TOperation>(TOperation operation) : IGpuMap where TOperation : struct, IUnaryOperation
{
    public static int Inputs => 1;

    public static int Results => 1;

    public float First(float a, float b, float c, float d) => operation.Apply(new LaneGpu(a)).Value;

    public float Second(float a, float b, float c, float d) => 0f;
}

/// <summary>dX = dY f'(x) of (x, y, dY).</summary>
internal readonly struct UnaryGradientMap<TOperation>(TOperation operation) : IGpuMap where TOperation : struct, IUnaryOperation
{
    public static int Inputs => 3;

    public static int Results => 1;

    public float First(float a, float b, float c, float d) => c * operation.Derivative(new LaneGpu(a), new LaneGpu(b)).Value;

    public float Second(float a, float b, float c, float d) => 0f;
}

/// <summary>dX + dY f'(x) of (x, y, dY, dX).</summary>
internal readonly struct UnaryGradientSumMap<TOperation>(TOperation operation)
    : IGpuMap where TOperation : struct, IUnaryOperation
{
    public static int Inputs => 4;

    public static int Results => 1;

    public float First(float a, float b, float c, float d) =>
        GpuIntrinsics.FusedMultiplyAdd(c, operation.Derivative(new LaneGpu(a), new LaneGpu(b)).Value, d);

    public float Second(float a, float b, float c, float d) => 0f;
}

/// <summary>z = f(x, y) of (x, y).</summary>
internal readonly struct BinaryMap<TOperation>(TOperation operation) : IGpuMap where TOperation : struct, IBinaryOperation
{
    public static int Inputs => 2;

    public static int Results => 1;

    public float First(float a, float b, float c, float d) => operation.Apply(new LaneGpu(a), new LaneGpu(b)).Value;

    public float Second(float a, float b, float c, float d) => 0f;
}

/// <summary>dX = dZ df/dx of (x, y, z, dZ).</summary>
internal readonly struct BinaryGradientXMap<TOperation>(TOperation operation)
    : IGpuMap where TOperation : struct, IBinaryOperation
{
    public static int Inputs => 4;

    public static int Results => 1;

    public float First(float a, float b, float c, float d) =>
        d * operation.DerivativeX(new LaneGpu(a), new LaneGpu(b), new LaneGpu(c)).Value;

    public float Second(float a, float b, float c, float d) => 0f;
}

/// <summary>dY = dZ df/dy of (x, y, z, dZ).</summary>
internal readonly struct BinaryGradientYMap<TOperation>(TOperation operation)
    : IGpuMap where TOperation : struct, IBinaryOperation
{
    public static int Inputs => 4;

    public static int Results => 1;

    public float First(float a, float b, float c, float d) =>
        d * operation.DerivativeY(new LaneGpu(a), new LaneGpu(b), new LaneGpu(c)).Value;

    public float Second(float a, float b, float c, float d) => 0f;
}

/// <summary>dX = dZ df/dx and dY = dZ df/dy of (x, y, z, dZ).</summary>
internal readonly struct BinaryGradientMap<TOperation>(TOperation operation) : IGpuMap where TOperation : struct, IBinaryOperation
{
    public static int Inputs => 4;

    public static int Results => 2;

    public float First(float a, float b, float c, float d) =>
        d * operation.DerivativeX(new LaneGpu(a), new LaneGpu(b), new LaneGpu(c)).Value;

    public float Second(float a, float b, float c, float d) =>
        d * operation.DerivativeY(new LaneGpu(a), new LaneGpu(b), new LaneGpu(c)).Value;
}

/// <summary>y = x where mask is not 0, else z, of (mask, x, z).</summary>
internal readonly struct WhereMap : IGpuMap
{
    public static int Inputs => 3;

    public static int Results => 1;

    public float First(float a, float b, float c, float d) => a == 0f ? c : b;

    public float Second(float a, float b, float c, float d) => 0f;
}
