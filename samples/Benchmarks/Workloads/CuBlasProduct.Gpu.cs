using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace SeqCore.Benchmarks;

/// <summary>C = A B by cuBLAS, where the machine has it: the matrix product's yardstick on an NVIDIA GPU.</summary>
internal sealed class CuBlasProduct
{
    /// <summary>CUBLAS_TF32_TENSOR_OP_MATH of cublas_api.h, which ILGPU has no name for.</summary>
    private const CuBlasMathMode Tf32 = (CuBlasMathMode)3;

    private static readonly Dictionary<int, (CudaAccelerator Accelerator, CuBlas Library)> Opened = [];
    private readonly CudaAccelerator accelerator;
    private readonly CuBlas library;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> a, b, c;
    private readonly int n;

    // ILGPU knows versions 10 to 12; what is called here is the same in 13.
    static CuBlasProduct() => NativeLibrary.SetDllImportResolver(typeof(CuBlas).Assembly, static (name, _, _) =>
        name == "libcublas.so.12" && !NativeLibrary.TryLoad(name, out nint handle)
            && NativeLibrary.TryLoad("libcublas.so.13", out handle) ? handle : 0);

    private CuBlasProduct(CudaAccelerator accelerator, CuBlas library, float[] a, float[] b, int n)
    {
        (this.accelerator, this.library, this.n) = (accelerator, library, n);
        (this.a, this.b, c) = (accelerator.Allocate1D(a), accelerator.Allocate1D(b), accelerator.Allocate1D<float>(n * n));
    }

    /// <summary>Whether products may round their operands to tf32.</summary>
    internal static bool AllowsTf32 { get; set; }

    /// <summary>Puts two n x n matrices on a GPU.</summary>
    /// <exception cref="NotSupportedException">There is no cuBLAS.</exception>
    internal static CuBlasProduct On(int index, float[] a, float[] b, int n)
    {
        if (!Opened.TryGetValue(index, out var opened))
            Opened[index] = opened = Open(index);
        return new CuBlasProduct(opened.Accelerator, opened.Library, a, b, n);
    }

    /// <summary>Queues one product.</summary>
    internal void Run()
    {
        accelerator.Bind();

        // cuBLAS reads matrices column by column, as their transposes: C' = B' A'.
        library.Gemm(CuBlasOperation.NonTranspose, CuBlasOperation.NonTranspose, n, n, n, 1f, b.View, n, a.View, n, 0f,
            c.View, n);
    }

    /// <summary>Waits for the products queued.</summary>
    internal void Wait() => accelerator.DefaultStream.Synchronize();

    private static (CudaAccelerator, CuBlas) Open(int index)
    {
        var context = Context.Create(static builder => builder.Cuda());
        var accelerator = context.GetCudaDevices()[index].CreateCudaAccelerator(context);
        try
        {
            var library = new CuBlas(accelerator) { PointerMode = CuBlasPointerMode.Host };
            if (AllowsTf32)
                library.MathMode = Tf32;
            return (accelerator, library);
        }
        catch (DllNotFoundException)
        {
            accelerator.Dispose();
            throw new NotSupportedException("there is no cuBLAS (libcublas.so.10 to .13) on this machine."
                + " It comes with the CUDA toolkit, and with PyTorch: put its folder into LD_LIBRARY_PATH.");
        }
    }
}
