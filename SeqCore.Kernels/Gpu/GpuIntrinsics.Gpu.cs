using System.Reflection;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace SeqCore.Kernels;

/// <summary>
/// Instructions that ILGPU does not offer, and functions that differ between devices. A method here runs unchanged on ILGPU's CPU
/// accelerator; for PTX and OpenCL, Register replaces it with a code generator or another method.
/// </summary>
internal static partial class GpuIntrinsics
{
    /// <summary>Registers the intrinsics in a context.</summary>
    internal static void Register(Context.Builder builder)
    {
        var manager = builder.GetIntrinsicManager();
        var fma = Method<Func<float, float, float, float>>(FusedMultiplyAdd);
        manager.RegisterMethod(fma, new PTXIntrinsic(Method<PTXIntrinsic.Handler>(FusedMultiplyAddPtx),
            IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(fma, new CLIntrinsic(Method<CLIntrinsic.Handler>(FusedMultiplyAddOpenCl),
            IntrinsicImplementationMode.GenerateCode));
        manager.RegisterMethod(
            Method<Loads>(VolatileLoad),
            new PTXIntrinsic(Method<PTXIntrinsic.Handler>(VolatileLoadPtx), IntrinsicImplementationMode.GenerateCode));
        OrderedComparison.Register(manager);
        RegisterTensorCores(manager);
        RegisterExponentials(manager);
        Redirect<Func<float, int, int, float>>(manager, TeamReduction.Reduce<SumReducer>, TeamShuffles.Reduce<SumReducer>,
            TeamsInSharedMemory.Reduce<SumReducer>);
    }

    /// <summary>Replaces a generic method with another one in PTX and in OpenCL.</summary>
    private static void Redirect<T>(IntrinsicImplementationManager manager, T method, T inPtx, T inOpenCl) where T : Delegate
    {
        var generic = method.Method.GetGenericMethodDefinition();
        manager.RegisterMethod(generic, new PTXIntrinsic(inPtx.Method.GetGenericMethodDefinition(),
            IntrinsicImplementationMode.Redirect));
        manager.RegisterMethod(generic, new CLIntrinsic(inOpenCl.Method.GetGenericMethodDefinition(),
            IntrinsicImplementationMode.Redirect));
    }

    private static MethodInfo Method<T>(T method) where T : Delegate => method.Method;

    /// <summary>Returns x y + z in one rounding.</summary>
    [IntrinsicImplementation]
    internal static float FusedMultiplyAdd(float x, float y, float z) => MathF.FusedMultiplyAdd(x, y, z);

    private delegate int Loads(ref int value);

    /// <summary>Loads from global memory on every call, bypassing the L1 cache. CUDA only.</summary>
    [IntrinsicImplementation]
    internal static int VolatileLoad(ref int value) => Volatile.Read(ref value);

    private static void VolatileLoadPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var address = Address(generator, ((MethodCall)value)[0], MemoryAddressSpace.Global, "cvta.to.global.u64");
        var result = generator.AllocateHardware(value);
        using var command = generator.BeginCommand("ld.volatile.global.s32");
        command.AppendArgument(result);
        command.AppendArgumentValue(address);
    }

    private static void FusedMultiplyAddPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var x = generator.LoadPrimitive(call[0]);
        var y = generator.LoadPrimitive(call[1]);
        var z = generator.LoadPrimitive(call[2]);
        var result = generator.AllocateHardware(value);
        using var command = generator.BeginCommand("fma.rn.f32");
        command.AppendArgument(result);
        command.AppendArgument(x);
        command.AppendArgument(y);
        command.AppendArgument(z);
    }

    private static void FusedMultiplyAddOpenCl(CLBackend backend, CLCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var result = generator.Allocate(value);
        using var statement = generator.BeginStatement(result);
        statement.AppendCommand("fma");
        statement.BeginArguments();
        for (var i = 0; i < 3; i++)
            statement.AppendArgument(generator.Load(call[i]));
        statement.EndArguments();
    }
}
