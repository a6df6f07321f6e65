using SeqCore.Kernels;
using SeqCore.Kernels.Operations;

namespace SeqCore.Benchmarks;

/// <summary>Formulas of one element, and their derivatives.</summary>
internal static class UnaryCases
{
    private const int Small = 1003;
    private const int Large = 32 << 20;

    internal static IEnumerable<KernelCase> Create() =>
    [
        .. Both("sigmoid", default(SigmoidOperation)),
        .. Both("relu", default(ReluOperation)),
        .. Both("leaky relu", new LeakyReluOperation(0.01f)),
        .. Both("elu", new EluOperation(1f)),
        .. Both("silu", default(SiluOperation)),
        .. Both("softplus", default(SoftplusOperation)),
        .. Both("mish", default(MishOperation)),
        .. Both("negate", default(NegateOperation)),
        .. Both("abs", default(AbsOperation)),
        .. Both("sign", default(SignOperation)),
        .. Both("square", default(SquareOperation)),
        .. Both("sqrt", default(SqrtOperation), positive: true),
        .. Both("rsqrt", default(RsqrtOperation), positive: true),
        .. Both("reciprocal", default(ReciprocalOperation), positive: true),
        .. Both("affine", new AffineOperation(2f, 1f)),
        .. Both("clamp", new ClampOperation(-1f, 0.5f)),
        .. Both("exp", default(ExpOperation)),
        .. Both("log", default(LogOperation), positive: true),
        .. Both("tanh", default(TanhOperation)),
        .. Both("erf", default(ErfOperation)),
        .. Both("gelu tanh", default(GeluTanhOperation)),
        .. Both("gelu erf", default(GeluErfOperation)),
        .. Both("power 1.5", new PowerConstantOperation(1.5f), positive: true),
        .. Both("floor", default(FloorOperation)),
        .. Both("ceiling", default(CeilingOperation)),
        .. Both("round", default(RoundOperation)),
        .. Both("sin", default(SinOperation)),
        .. Both("cos", default(CosOperation)),
        .. Both("tan", default(TanOperation)),
        .. Both("atan", default(AtanOperation)),
        .. Both("sinh", default(SinhOperation)),
        .. Both("cosh", default(CoshOperation)),
        .. Both("asinh", default(AsinhOperation)),
        .. Both("log1p", default(Log1pOperation), positive: true),
        .. Both("expm1", default(Expm1Operation)),
        .. Both("exp2", default(Exp2Operation)),
        .. Both("log2", default(Log2Operation), positive: true),
        .. Both("log10", default(Log10Operation), positive: true),
        .. Both("cbrt", default(CbrtOperation), positive: true),
        .. Both("logsigmoid", default(LogSigmoidOperation)),
        .. Both("softsign", default(SoftsignOperation)),
        .. Both("selu", default(SeluOperation)),
        .. Both("hardsigmoid", default(HardsigmoidOperation)),
        .. Both("hardswish", default(HardswishOperation)),
        .. Both("truncate", default(TruncateOperation)),
        .. Both("celu", new CeluOperation(1f)),
        .. Both("hardtanh", new HardtanhOperation(-1f, 1f)),
        Transposed(),
        Forward("affine", new AffineOperation(2f, 1f), Large, false),
        Forward("gelu tanh", default(GeluTanhOperation), Large, false),
        Forward("gelu erf", default(GeluErfOperation), Large, false),
        Backward("gelu tanh", default(GeluTanhOperation), Large, false, false),
        Backward("tanh", default(TanhOperation), Small, false, true),
        Backward("tanh", default(TanhOperation), Large, false, true),
    ];

    private static KernelCase[] Both<T>(string name, T operation, bool positive = false) where T : struct, IUnaryOperation =>
        [Forward(name, operation, Small, positive), Backward(name, operation, Small, positive, false)];

    private static KernelCase Forward<T>(string name, T operation, int count, bool positive) where T : struct, IUnaryOperation =>
        new("Unary", $"{name}, {Layouts.Sizes(count)}", Bounds.Elementwise, o =>
        {
            var (x, y) = (Values(o, count, positive), o.Result(count));
            return () => o.Backend.Unary(operation, Layouts.Dense(x, count), Layouts.Dense(y, count));
        })
        { Bytes = Layouts.Floats(2.0 * count), IsLarge = count == Large };

    private static KernelCase Backward<T>(string name, T operation, int count, bool positive, bool accumulate)
        where T : struct, IUnaryOperation =>
        new("UnaryGradient", $"{name}{(accumulate ? ", added" : "")}, {Layouts.Sizes(count)}", Bounds.Elementwise, o =>
        {
            var (x, y, dY) = (Values(o, count, positive), o.Scratch(count), o.Normal(count));
            var dX = accumulate ? o.Changed(count) : o.Result(count);
            o.Backend.Unary(operation, Layouts.Dense(x, count), Layouts.Dense(y, count));
            return () => o.Backend.UnaryGradient(operation, x, y, dY, dX, accumulate);
        })
        { Bytes = Layouts.Floats((accumulate ? 5.0 : 4.0) * count), IsLarge = count == Large };

    private static KernelCase Transposed() => new("Unary", "tanh, 37 x 53, x transposed", Bounds.Elementwise, o =>
    {
        var (x, y) = (o.Normal(37 * 53), o.Result(37 * 53));
        return () => o.Backend.Unary(default(TanhOperation), Layouts.Strided(x, [37, 53], [1, 37]), Layouts.Dense(y, 37, 53));
    });

    // Keeps away from 0, where a derivative would dwarf all others.
    private static DeviceSpan<float> Values(KernelOperands o, int count, bool positive) =>
        positive ? o.Uniform(count, 0.1f, 4f) : o.Normal(count, 2f);
}
