using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace SeqCore.Kernels;

/// <summary>
/// Comparisons of floats that are false if either is NaN. ILGPU's own are wrong in PTX if the left operand is a constant: it
/// exchanges the operands, and also ordered for unordered. An inlined formula cannot know which operand becomes a constant.
/// </summary>
internal static class OrderedComparison
{
    /// <summary>Returns whether x &lt; y.</summary>
    [IntrinsicImplementation]
    internal static bool IsLess(float x, float y) => PlainLess(x, y);

    /// <summary>Returns whether x &lt;= y.</summary>
    [IntrinsicImplementation]
    internal static bool IsLessOrEqual(float x, float y) => PlainLessOrEqual(x, y);

    internal static void Register(IntrinsicImplementationManager manager)
    {
        Register(manager, IsLess, PlainLess, LessPtx);
        Register(manager, IsLessOrEqual, PlainLessOrEqual, LessOrEqualPtx);
    }

    private static void Register(IntrinsicImplementationManager manager, Func<float, float, bool> method,
        Func<float, float, bool> plain, PTXIntrinsic.Handler ptx)
    {
        manager.RegisterMethod(method.Method, new PTXIntrinsic(ptx.Method, IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(method.Method, new CLIntrinsic(plain.Method, IntrinsicImplementationMode.Redirect));
    }

    private static bool PlainLess(float x, float y) => x < y;

    private static bool PlainLessOrEqual(float x, float y) => x <= y;

    private static void LessPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        Compare("setp.lt.f32", generator, value);

    private static void LessOrEqualPtx(PTXBackend backend, PTXCodeGenerator generator, Value value) =>
        Compare("setp.le.f32", generator, value);

    private static void Compare(string instruction, PTXCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var x = generator.LoadPrimitive(call[0]);
        var y = generator.LoadPrimitive(call[1]);
        var result = generator.AllocateHardware(value);
        using var command = generator.BeginCommand(instruction);
        command.AppendArgument(result);
        command.AppendArgument(x);
        command.AppendArgument(y);
    }
}
