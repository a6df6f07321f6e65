using System.Runtime.InteropServices;

namespace SeqCore.Tests.Kernels.Gpu.Ptx;

/// <summary>The machine finds what it is there to find.</summary>
public class PtxMachineTests
{
    [Fact]
    public void Threads_write_where_they_should()
    {
        var result = Run(64, """
            mul.wide.u32 %rd2, %r1, 4;
            add.u64 %rd3, %rd1, %rd2;
            cvt.rn.f32.s32 %f1, %r1;
            fma.rn.f32 %f2, %f1, 0f40000000, 0f3F800000;
            st.global.f32 [%rd3], %f2;
            """);
        result.Should().Equal(Enumerable.Range(0, 64).Select(i => 2f * i + 1f));
    }

    [Fact]
    public void Shuffles_exchange_values_within_a_warp()
    {
        var result = Run(64, """
            shfl.sync.bfly.b32 %r2, %r1, 5, 31, 4294967295;
            cvt.rn.f32.s32 %f1, %r2;
            mul.wide.u32 %rd2, %r1, 4;
            add.u64 %rd3, %rd1, %rd2;
            st.global.f32 [%rd3], %f1;
            """);
        result.Should().Equal(Enumerable.Range(0, 64).Select(i => (float)(i ^ 5)));
    }

    [Fact]
    public void A_missing_barrier_is_found() => Running(32, SharedExchange.Replace("bar.sync 0;", ""))
        .Should().Throw<InvalidOperationException>().WithMessage("Thread * shared memory*since the last barrier*");

    [Fact]
    public void Global_memory_has_its_watch_too()
    {
        var kernel = new PtxKernel(".visible .entry Kernel_Entry( .param .align 8 .b8 _kernel_1[8] )\n{\nret;\n}");
        var group = new PtxGroup(kernel, (0, 0, 0), (1, 1, 1), 64, new byte[8], 0, new MemoryMap([]));
        var watch = new GlobalMemoryWatch();
        void Write(int thread) => watch.Write(4096, 4, group.Threads[thread], "st");
        watch.Read(4096, 4, group.Threads[1], "ld");
        watch.Read(4096, 4, group.Threads[2], "ld");
        FluentActions.Invoking(() => Write(2)).Should().Throw<InvalidOperationException>("thread 1 may read before or after");
        group.Threads[2].WarpPhase++;
        FluentActions.Invoking(() => Write(2)).Should().NotThrow("the warp has run an instruction together since");
        FluentActions.Invoking(() => Write(40)).Should().Throw<InvalidOperationException>("another warp may be anywhere");
        watch.PassBarrier();
        FluentActions.Invoking(() => Write(40)).Should().NotThrow();
    }

    [Fact]
    public void With_its_barrier_the_same_kernel_runs() =>
        Run(32, SharedExchange).Should().Equal(Enumerable.Range(0, 32).Select(i => (float)(i ^ 1)));

    [Fact]
    public void A_barrier_that_some_threads_leave_out_is_found()
    {
        // The others wait in a loop for what never comes.
        Running(32, """
            setp.eq.s32 %p1, %r1, 3;
            @%p1 bra L_1;
            bar.sync 0;
            bra L_2;
            L_1:
            shfl.sync.bfly.b32 %r2, %r1, 1, 31, 4294967295;
            L_2:
            """).Should().Throw<InvalidOperationException>().WithMessage("Threads wait for each other*31 AtBarrier*1 AtWarp*");
    }

    [Fact]
    public void A_loop_that_does_not_end_is_found() => Running(32, """
            L_1:
            xor.b32 %r2, %r1, 1;
            bra L_1;
            """).Should().Throw<InvalidOperationException>().WithMessage("Thread * without coming to a barrier*xor.b32*");

    [Fact]
    public void A_vector_load_that_is_not_aligned_is_found() => Running(1, "ld.global.v4.f32 {%f1,%f2,%f3,%f4}, [%rd1+4];")
        .Should().Throw<InvalidOperationException>().WithMessage("*not a multiple*");

    [Fact]
    public void Memory_that_is_not_rented_is_found() => Running(1, "ld.global.f32 %f1, [%rd1+4096];")
        .Should().Throw<InvalidOperationException>().WithMessage("*not rented*");

    [Fact]
    public void An_asynchronous_copy_is_there_after_its_wait_and_not_before()
    {
        const string Kernel = """
            .shared .align 16 .b8 buffer[16];
            mov.b32 %r3, buffer;
            st.shared.f32 [%r3], 0f40A00000;
            cp.async.ca.shared.global [%r3], [%rd1], 4;
            cp.async.commit_group;
            cp.async.wait_group 0;
            ld.shared.f32 %f1, [%r3];
            st.global.f32 [%rd1+4], %f1;
            """;
        Run(1, Kernel, 7f, 0f).Should().Equal(7f, 7f);
        Run(1, Kernel.Replace("wait_group 0", "wait_group 1"), 7f, 0f).Should().Equal(7f, 5f);
    }

    [Fact]
    public void An_instruction_it_does_not_know_is_an_error() => Running(1, "frobnicate.f32 %f1, %f2;")
        .Should().Throw<NotSupportedException>().WithMessage("*frobnicate*");

    private const string SharedExchange = """
        .shared .align 4 .b8 buffer[128];
        mov.b64 %rd4, buffer;
        mul.wide.u32 %rd2, %r1, 4;
        add.u64 %rd5, %rd4, %rd2;
        cvt.rn.f32.s32 %f1, %r1;
        st.shared.f32 [%rd5], %f1;
        bar.sync 0;
        xor.b32 %r2, %r1, 1;
        mul.wide.u32 %rd6, %r2, 4;
        add.u64 %rd7, %rd4, %rd6;
        ld.shared.f32 %f2, [%rd7];
        add.u64 %rd3, %rd1, %rd2;
        st.global.f32 [%rd3], %f2;
        """;

    private static Action Running(int threads, string body) => () => Run(threads, body);

    // Runs a body that finds the address of its results in %rd1 and its thread's number in %r1.
    private static float[] Run(int threads, string body, params float[] start)
    {
        var kernel = new PtxKernel($$"""
            .visible .entry Kernel_Entry(
                .param .align 8 .b8 _kernel_1[8]
            )
            {
                ld.param.b64 %rd1, [_kernel_1];
                mov.b32 %r1, %tid.x;
                {{body}}
                ret;
            }
            """);
        var memory = GC.AllocateArray<float>(Math.Max(threads, start.Length), pinned: true);
        start.CopyTo(memory, 0);
        var address = Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0);
        var parameters = GC.AllocateArray<byte>(8, pinned: true);
        BitConverter.TryWriteBytes(parameters, address);
        PtxMachine.Run(kernel, (1, 1, 1), threads, parameters, 0,
            new MemoryMap([(address, memory.Length * sizeof(float))]), seed: 1);
        return memory;
    }
}
