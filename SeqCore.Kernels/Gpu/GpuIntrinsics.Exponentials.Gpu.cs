using ILGPU.Algorithms;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace SeqCore.Kernels;

/// <summary>
/// Exponentials: on CUDA one instruction for 2^x, and a product before it for e^x. ILGPU's own keep results below 1.2e-38, for
/// which the assembler adds a comparison and two products to each.
/// </summary>
internal static partial class GpuIntrinsics
{
    private static void RegisterExponentials(IntrinsicImplementationManager manager)
    {
        Generate<Func<float, float>>(manager, Exp2, Exp2Ptx);
        Generate<Func<float, float>>(manager, Exp, ExpPtx);
        Func<float, float> plainExp2 = PlainExp2, plainExp = PlainExp;
        manager.RegisterMethod(Method<Func<float, float>>(Exp2),
            new CLIntrinsic(plainExp2.Method, IntrinsicImplementationMode.Redirect));
        manager.RegisterMethod(Method<Func<float, float>>(Exp),
            new CLIntrinsic(plainExp.Method, IntrinsicImplementationMode.Redirect));
    }

    /// <summary>Returns 2^x within 2^-22; results below 1.2e-38 may be 0.</summary>
    [IntrinsicImplementation]
    internal static float Exp2(float x) => PlainExp2(x);

    /// <summary>
    /// Returns e^x as 2^(x log2(e)), within 2^-22 and a rounding of the exponent; results below 1.2e-38 may be 0.
    /// </summary>
    [IntrinsicImplementation]
    internal static float Exp(float x) => PlainExp(x);

    private static float PlainExp2(float x) => XMath.Exp2(x);

    private static float PlainExp(float x) => XMath.Exp(x);

    private static void Exp2Ptx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var x = generator.LoadPrimitive(((MethodCall)value)[0]);
        Exp2(generator, generator.AllocateHardware(value), x);
    }

    private static void ExpPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var x = generator.LoadPrimitive(((MethodCall)value)[0]);
        var result = generator.AllocateHardware(value);
        using (var product = generator.BeginCommand("mul.f32"))
        {
            product.AppendArgument(result);
            product.AppendArgument(x);
            product.AppendConstant(1.44269504f);
        }

        Exp2(generator, result, result);
    }

    private static void Exp2(PTXCodeGenerator generator, PTXCodeGenerator.HardwareRegister result,
        PTXCodeGenerator.PrimitiveRegister x)
    {
        using var command = generator.BeginCommand("ex2.approx.ftz.f32");
        command.AppendArgument(result);
        command.AppendArgument(x);
    }
}
