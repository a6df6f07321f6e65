using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Simd;

/// <summary>One double: the oracle that formulas written over lanes are compared with.</summary>
public readonly struct LaneDouble(double value) : ILane<LaneDouble>
{
    public double Value { get; } = value;

    public static implicit operator LaneDouble(double value) => new(value);

    public static LaneDouble Constant(float value) => new(value);

    public static LaneDouble operator +(LaneDouble x, LaneDouble y) => x.Value + y.Value;

    public static LaneDouble operator -(LaneDouble x, LaneDouble y) => x.Value - y.Value;

    public static LaneDouble operator *(LaneDouble x, LaneDouble y) => x.Value * y.Value;

    public static LaneDouble operator /(LaneDouble x, LaneDouble y) => x.Value / y.Value;

    public static LaneDouble operator -(LaneDouble x) => -x.Value;

    public static LaneDouble MultiplyAdd(LaneDouble x, LaneDouble y, LaneDouble z) =>
        Math.FusedMultiplyAdd(x.Value, y.Value, z.Value);

    public static LaneDouble ProductError(LaneDouble x, LaneDouble y, LaneDouble product) =>
        Math.FusedMultiplyAdd(x.Value, y.Value, -product.Value);

    public static LaneDouble Min(LaneDouble x, LaneDouble y) => Math.Min(x.Value, y.Value);

    public static LaneDouble Max(LaneDouble x, LaneDouble y) => Math.Max(x.Value, y.Value);

    public static LaneDouble Abs(LaneDouble x) => Math.Abs(x.Value);

    public static LaneDouble Sqrt(LaneDouble x) => Math.Sqrt(x.Value);

    public static LaneDouble Round(LaneDouble x) => Math.Round(x.Value);

    public static LaneDouble Floor(LaneDouble x) => Math.Floor(x.Value);

    public static LaneDouble CopySign(LaneDouble x, LaneDouble y) => Math.CopySign(x.Value, y.Value);

    public static LaneDouble WhereLess(LaneDouble x, LaneDouble y, LaneDouble yes, LaneDouble no) => x.Value < y.Value ? yes : no;

    public static LaneDouble WhereLessOrEqual(LaneDouble x, LaneDouble y, LaneDouble yes, LaneDouble no) =>
        x.Value <= y.Value ? yes : no;

    public static LaneDouble WhereEqual(LaneDouble x, LaneDouble y, LaneDouble yes, LaneDouble no) =>
        x.Value == y.Value ? yes : no;

    public static LaneDouble Exp(LaneDouble x) => Math.Exp(x.Value);

    public static LaneDouble Log(LaneDouble x) => Math.Log(x.Value);

    public static LaneDouble Tanh(LaneDouble x) => Math.Tanh(x.Value);

    public static LaneDouble Sigmoid(LaneDouble x) => Oracle.Sigmoid(x.Value);

    public static LaneDouble Erf(LaneDouble x) => Oracle.Erf(x.Value);

    public static LaneDouble NormalCdf(LaneDouble x) => Oracle.NormalCdf(x.Value);

    public static LaneDouble Exp2(LaneDouble x) => Math.Pow(2, x.Value);

    public static LaneDouble Log2(LaneDouble x) => Math.Log2(x.Value);

    public static LaneDouble Log10(LaneDouble x) => Math.Log10(x.Value);

    public static LaneDouble Sin(LaneDouble x) => Math.Sin(x.Value);

    public static LaneDouble Cos(LaneDouble x) => Math.Cos(x.Value);

    public static LaneDouble Tan(LaneDouble x) => Math.Tan(x.Value);

    public static LaneDouble Remainder(LaneDouble x, LaneDouble y) => x.Value % y.Value;
}
