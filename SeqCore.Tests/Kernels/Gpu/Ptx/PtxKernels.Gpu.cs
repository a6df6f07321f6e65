using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using SeqCore.Kernels;

namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>
/// A GPU backend whose kernels are compiled to PTX for sm_80 and run on the <see cref="PtxMachine"/>, over host memory.
/// </summary>
internal sealed class PtxKernels(Accelerator accelerator, PTXBackend compiler) : KernelCache(accelerator)
{
    private static readonly Lazy<GpuBackend> Shared = new(Make);

    private int compiled;

    /// <summary>The order of threads; see <see cref="PtxMachine"/>.</summary>
    internal static int Seed { get; set; } = 1;

    internal static GpuBackend Backend => Shared.Value;

    private static GpuBackend Make()
    {
        // As many multiprocessors as a large card has: what is launched depends on their number.
        var context = GpuContext.Create(static b => b.CPU(new CPUDevice(2, 1, 132)));
        var accelerator = context.GetCPUDevice(0).CreateCPUAccelerator(context);
        return new GpuBackend(new Device(DeviceKind.Cuda), accelerator,
            new PtxKernels(accelerator, new PTXBackend(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_70, null!)));
    }

    protected override (IDisposable Kernel, Delegate Launcher) Load<TKernel>()
    {
        var kernel = new PtxKernel(Ptx<TKernel>(compiler));
        PtxCompiler.FreeCompiled(compiler.Context, ++compiled);
        Action<AcceleratorStream, KernelConfig, TKernel> launch = (_, grid, arguments) =>
        {
            var dynamic = grid.SharedMemoryConfig.NumElements * grid.SharedMemoryConfig.ElementSize;
            PtxMachine.Run(kernel, (grid.GridDim.X, grid.GridDim.Y, grid.GridDim.Z), grid.GroupDim.X, Parameters(arguments),
                dynamic, new MemoryMap(Backend.RentedBlocks()), Seed, TrafficTable.Current?.Of(typeof(TKernel), kernel));
        };
        return (compiler, launch);
    }

    /// <summary>The bytes of a kernel's argument as PTX lays it out: a view is an address and a length.</summary>
    private static byte[] Parameters(object arguments)
    {
        var bytes = new List<byte>();
        Append(bytes, arguments);
        Align(bytes, 8);
        var pinned = GC.AllocateArray<byte>(bytes.Count, pinned: true);
        bytes.CopyTo(pinned);
        return pinned;
    }

    private static void Append(List<byte> bytes, object value)
    {
        var type = value.GetType();
        if (type.IsEnum)
            Append(bytes, Convert.ChangeType(value, type.GetEnumUnderlyingType(), null));
        else if (type.IsPrimitive)
            AppendPrimitive(bytes, value);
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>))
            AppendView(bytes, (IContiguousArrayView)value);
        else
            AppendFields(bytes, value, type);
    }

    private static void AppendFields(List<byte> bytes, object value, Type type)
    {
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        Align(bytes, Alignment(type));
        foreach (var field in fields.OrderBy(f => f.MetadataToken))
            Append(bytes, field.GetValue(value)!);
        Align(bytes, Alignment(type));
        if (fields.Length == 0)
            bytes.Add(0);
    }

    private static void AppendView(List<byte> bytes, IContiguousArrayView view)
    {
        Align(bytes, 8);
        var address = view.Length == 0 ? 0 : view.Buffer.NativePtr + (nint)view.IndexInBytes;
        bytes.AddRange(BitConverter.GetBytes((long)address));
        bytes.AddRange(BitConverter.GetBytes(view.Length));
    }

    private static void AppendPrimitive(List<byte> bytes, object value)
    {
        byte[] own = value switch
        {
            bool b => [b ? (byte)1 : (byte)0],
            byte b => [b],
            int i => BitConverter.GetBytes(i),
            uint i => BitConverter.GetBytes(i),
            long i => BitConverter.GetBytes(i),
            ulong i => BitConverter.GetBytes(i),
            float f => BitConverter.GetBytes(f),
            double f => BitConverter.GetBytes(f),
            _ => throw new NotSupportedException($"A kernel's argument of type {value.GetType()}."),
        };
        Align(bytes, own.Length);
        bytes.AddRange(own);
    }

    private static int Alignment(Type type) => type switch
    {
        _ when type.IsEnum => Alignment(type.GetEnumUnderlyingType()),
        _ when type.IsPrimitive => type == typeof(bool) ? 1 : Marshal.SizeOf(type),
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>) => 8,
        _ => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(f => Alignment(f.FieldType)).DefaultIfEmpty(1).Max(),
    };

    private static void Align(List<byte> bytes, int alignment)
    {
        while (bytes.Count % alignment != 0)
            bytes.Add(0);
    }
}
