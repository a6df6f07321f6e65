using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore.Tests.Tensors;

public class ScopeThreadTests
{
    [Fact]
    public async Task A_scope_continues_after_an_await()
    {
        using var backend = new CpuBackend(1);
        var used = backend.Memory.InUse;
        (await Handle()).IsDisposed.Should().BeTrue();
        backend.Memory.InUse.Should().Be(used);
        TensorScope.Current.Should().BeNull();

        async Task<Tensor> Handle()
        {
            using var scope = new TensorScope();
            var thread = Environment.CurrentManagedThreadId;
            while (Environment.CurrentManagedThreadId == thread)
                await Task.Delay(1, TestContext.Current.CancellationToken).ConfigureAwait(false);
            TensorScope.Current.Should().BeSameAs(scope);
            return Tensor.Ones([4], backend);
        }
    }

    [Fact]
    public async Task A_scope_of_an_asynchronous_iterator_is_entered_again_after_each_element()
    {
        var (first, after, entered) = ((TensorScope?)null, (TensorScope?)null, (TensorScope?)null);
        TensorScope? own = null;
        Tensor? made = null;
        await foreach (var element in Elements())
            TensorScope.Current.Should().BeNull($"element {element} leaves the caller's context as it was");
        first.Should().BeSameAs(own);
        after.Should().BeNull("the next element is asked for in the caller's context");
        entered.Should().BeSameAs(own);
        made!.IsDisposed.Should().BeTrue("the scope closes with the iterator");

        async IAsyncEnumerable<int> Elements()
        {
            using var scope = own = new TensorScope();
            await Task.Yield();
            first = TensorScope.Current;
            yield return 1;
            after = TensorScope.Current;
            using (scope.Enter())
            {
                await Task.Yield();
                entered = TensorScope.Current;
                made = Tensor.Ones([4]);
            }

            yield return 2;
        }
    }

    [Fact]
    public void A_request_that_changes_threads_leaves_no_scope_behind()
    {
        TensorScope? left = null;
        var thread = new Thread(() =>
        {
            Handle().GetAwaiter().GetResult();
            left = TensorScope.Current;
        });
        thread.Start();
        thread.Join();
        left.Should().BeNull();

        static async Task Handle()
        {
            using var scope = new TensorScope("request");
            var x = Tensor.Ones([4]);
            await Task.Delay(5).ConfigureAwait(false);
            (x + 1f).Sum().Item().Should().Be(8f);
        }
    }

    [Fact]
    public void Tasks_make_their_tensors_in_the_scope_around_them()
    {
        using var backend = new CpuBackend(1);
        using var x = Tensor.Ones([8], backend);
        var used = backend.Memory.InUse;
        using (new TensorScope())
        {
            Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            {
                using (new TensorScope("inner"))
                    _ = x + i;
                for (var j = 0; j < 20; j++)
                {
                    var y = x * j;
                    if (j % 2 == 0)
                        y.Dispose();
                }
            });
        }

        backend.Memory.InUse.Should().Be(used);
    }

    [Fact]
    public void A_scope_may_be_closed_on_another_thread()
    {
        var scope = new TensorScope();
        var tensor = Tensor.Ones([2]);
        var thread = new Thread(scope.Dispose);
        thread.Start();
        thread.Join();
        tensor.IsDisposed.Should().BeTrue();
        TensorScope.Current.Should().BeNull();
        using var free = Tensor.Ones([1]);
        free.IsDisposed.Should().BeFalse();
    }

    [Fact]
    public void A_thread_that_did_not_inherit_a_scope_can_enter_it()
    {
        using var scope = new TensorScope();
        Tensor? made = null;
        TensorScope? before = scope, after = scope;
        var thread = new Thread(() =>
        {
            before = TensorScope.Current;
            using (scope.Enter())
                made = Tensor.Ones([1]);
            after = TensorScope.Current;
        });
        thread.UnsafeStart();
        thread.Join();
        before.Should().BeNull();
        after.Should().BeNull();
        scope.Dispose();
        made!.IsDisposed.Should().BeTrue();
        scope.Invoking(s => s.Enter()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task What_outlives_its_scope_in_a_task_belongs_to_nobody()
    {
        using var gate = new ManualResetEventSlim();
        Task<Tensor> task;
        using (new TensorScope())
        {
            task = Task.Run(() =>
            {
                gate.Wait();
                return Tensor.Ones([1]);
            });
        }

        gate.Set();
        using var tensor = await task;
        tensor.ToArray().Should().Equal(1f);
    }

    [Fact]
    public void Forgotten_scopes_are_collected_with_what_they_own()
    {
        using var backend = new CpuBackend(1);
        // On a thread of its own, so that no stack frame of this test refers to a scope.
        var thread = new Thread(() =>
        {
            for (var i = 0; i < 100; i++)
                Forget(backend);
        });
        thread.Start();
        thread.Join();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        backend.Memory.InUse.Should().BeLessThan(5 * 4096);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(CpuBackend backend)
    {
        _ = new TensorScope();
        _ = Tensor.Ones([1024], backend);
    }
}
