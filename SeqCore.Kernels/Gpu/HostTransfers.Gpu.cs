using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace SeqCore.Kernels;

/// <summary>
/// Copies between host and device through page-locked memory, which the device accesses directly. An upload is copied there and
/// queued without waiting; only when this memory is used up does the next upload wait for the previous ones. (Copies between
/// views of the page-locked array would be shorter, but ILGPU's OpenCL then copies the whole array.)
/// </summary>
internal sealed class HostTransfers : IDisposable
{
    private const int Bytes = 8 << 20;
    private const int Alignment = 64;
    private readonly Accelerator accelerator;
    private readonly AcceleratorStream stream;
    private readonly PageLockedArray1D<byte> staging;
    private int used;

    internal HostTransfers(Accelerator accelerator, AcceleratorStream stream)
    {
        this.accelerator = accelerator;
        this.stream = stream;
        staging = accelerator.AllocatePageLocked1D<byte>(Bytes);
    }

    internal void Upload<T>(ReadOnlySpan<T> source, ArrayView<T> destination) where T : unmanaged
    {
        accelerator.Bind();
        var from = MemoryMarshal.AsBytes(source);
        var to = destination.Cast<byte>();
        for (var done = 0; done < from.Length;)
        {
            if (used == Bytes)
                Wait();
            var count = Math.Min(Bytes - used, from.Length - done);
            from.Slice(done, count).CopyTo(staging.Span[used..]);
            to.SubView(done, count).CopyFromCPUUnsafeAsync(stream, ref staging.Span[used], count);
            used = Math.Min(Bytes, (used + count + Alignment - 1) / Alignment * Alignment);
            done += count;
        }
    }

    internal void Download<T>(ArrayView<T> source, Span<T> destination) where T : unmanaged
    {
        accelerator.Bind();
        var from = source.Cast<byte>();
        var to = MemoryMarshal.AsBytes(destination);
        for (var done = 0; done < from.Length;)
        {
            Wait();
            var count = (int)Math.Min(Bytes, from.Length - done);
            from.SubView(done, count).CopyToCPUUnsafeAsync(stream, ref staging.Span[0], count);
            stream.Synchronize();
            staging.Span[..count].CopyTo(to[done..]);
            done += count;
        }
    }

    public void Dispose() => DeviceCleanup.Run(staging.Dispose);

    private void Wait()
    {
        if (used > 0)
            stream.Synchronize();
        used = 0;
    }
}
