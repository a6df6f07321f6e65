using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Types;
using ILGPU.IR.Values;

namespace SeqCore.Kernels;

/// <summary>
/// The tensor cores and asynchronous copies of NVIDIA GPUs of compute capability 8.0 and later; no other device has them.
/// </summary>
internal static partial class GpuIntrinsics
{
    private delegate void Copying(ref Float4 shared, ref Float4 global, int bytes);

    private static void RegisterTensorCores(IntrinsicImplementationManager manager)
    {
        Generate<Func<float, int>>(manager, RoundToTf32, RoundToTf32Ptx);
        Generate<Func<Int4, int, int, Float4, Float4>>(manager, MultiplyAddTf32, MultiplyAddTf32Ptx);
        Generate<Copying>(manager, CopyToShared, CopyToSharedPtx);
        Generate<Action>(manager, CommitCopies, CommitCopiesPtx);
        Generate<Action>(manager, WaitForCopiesButOne, WaitForCopiesButOnePtx);
        Generate<Action>(manager, WaitForCopies, WaitForCopiesPtx);
    }

    private static void Generate<T>(IntrinsicImplementationManager manager, T method, PTXIntrinsic.Handler handler)
        where T : Delegate =>
        manager.RegisterMethod(method.Method, new PTXIntrinsic(handler.Method, IntrinsicImplementationMode.GenerateCode));

    /// <summary>Returns the bits of the nearest tf32 number, with 10 bits of fraction, ties away from zero.</summary>
    [IntrinsicImplementation]
    internal static int RoundToTf32(float x) => throw OnlyCuda();

    /// <summary>
    /// Computes D = A B + C over the whole warp, with A of shape (16, 8) and B of shape (8, 8) as the bits of tf32 numbers;
    /// <see cref="TensorCoreFragment"/> specifies which elements a lane holds. All lanes have to take part.
    /// </summary>
    [IntrinsicImplementation]
    internal static Float4 MultiplyAddTf32(Int4 a, int b0, int b1, Float4 c) => throw OnlyCuda();

    /// <summary>
    /// Starts to copy 16 bytes from global to shared memory, bypassing the registers: the given number of bytes (0 or 16) is
    /// read, and the rest is filled with zeros.
    /// </summary>
    [IntrinsicImplementation]
    internal static void CopyToShared(ref Float4 shared, ref Float4 global, int bytes) => throw OnlyCuda();

    /// <summary>Commits a group of the thread's copies.</summary>
    [IntrinsicImplementation]
    internal static void CommitCopies() => throw OnlyCuda();

    /// <summary>Waits for all groups of the thread's copies except the last.</summary>
    [IntrinsicImplementation]
    internal static void WaitForCopiesButOne() => throw OnlyCuda();

    /// <summary>Waits for all groups of copies that the thread has committed.</summary>
    [IntrinsicImplementation]
    internal static void WaitForCopies() => throw OnlyCuda();

    private static void RoundToTf32Ptx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var x = generator.LoadPrimitive(((MethodCall)value)[0]);
        var result = generator.AllocateHardware(value);
        using var command = generator.BeginCommand("cvt.rna.tf32.f32");
        command.AppendArgument(result);
        command.AppendArgument(x);
    }

    private static void MultiplyAddTf32Ptx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var a = Registers(generator.Load(call[0]));
        var b0 = generator.LoadPrimitive(call[1]);
        var b1 = generator.LoadPrimitive(call[2]);
        var c = Registers(generator.Load(call[3]));
        var result = Registers(generator.Allocate(value));
        using var command = generator.BeginCommand("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32");
        command.AppendVectorArgument(result);
        command.AppendVectorArgument(a);
        command.AppendVectorArgument([b0, b1]);
        command.AppendVectorArgument(c);
    }

    private static PTXCodeGenerator.PrimitiveRegister[] Registers(PTXCodeGenerator.Register register) =>
        [.. ((PTXCodeGenerator.CompoundRegister)register).Children.Cast<PTXCodeGenerator.PrimitiveRegister>()];

    private static void CopyToSharedPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var shared = Address(generator, call[0], MemoryAddressSpace.Shared, "cvta.to.shared.u64");
        var global = Address(generator, call[1], MemoryAddressSpace.Global, "cvta.to.global.u64");
        var bytes = generator.LoadPrimitive(call[2]);
        using var command = generator.BeginCommand("cp.async.cg.shared.global");
        command.AppendArgumentValue(shared);
        command.AppendArgumentValue(global);
        command.AppendConstant(16);
        command.AppendArgument(bytes);
    }

    // Usually the compiler knows which memory a reference points into, and its register then holds an address in that memory.
    private static PTXCodeGenerator.HardwareRegister Address(PTXCodeGenerator generator, Value reference,
        MemoryAddressSpace space, string conversion)
    {
        var address = generator.LoadHardware(reference);
        if (reference.Type is AddressSpaceType type && type.AddressSpace == space)
            return address;
        var result = generator.AllocateRegister(address.Description);
        using var command = generator.BeginCommand(conversion);
        command.AppendArgument(result);
        command.AppendArgument(address);
        return result;
    }

    private static void CommitCopiesPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        using var command = generator.BeginCommand("cp.async.commit_group");
    }

    private static void WaitForCopiesButOnePtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        using var command = generator.BeginCommand("cp.async.wait_group");
        command.AppendConstant(1);
    }

    private static void WaitForCopiesPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        using var command = generator.BeginCommand("cp.async.wait_group");
        command.AppendConstant(0);
    }

    private static NotSupportedException OnlyCuda() => new("Only CUDA has this instruction.");
}
