using System.Runtime.CompilerServices;
using SeqCore.Kernels;

namespace SeqCore.Tests.Autograd;

public class TapeThreadTests
{
    private const int Parts = 16;

    private static Variable Leaf(params float[] values) =>
        new(Tensor.FromSpan(values, new Shape(values.Length)), requiresGradient: true);

    [Fact]
    public async Task A_tape_of_an_asynchronous_iterator_is_entered_again_after_each_element()
    {
        var w = Leaf(2f);
        var refused = false;
        await foreach (var _ in Losses())
            Tape.Current.Should().BeNull();
        refused.Should().BeTrue();
        w.Gradient!.ToArray().Should().Equal(15f);

        async IAsyncEnumerable<float> Losses()
        {
            using var tape = new Tape();
            var y = w * 3f;
            await Task.Yield();
            yield return y.Value[0].Item();
            Tape.Current.Should().BeNull();
            refused = Record.Exception(() => y * 5f) is InvalidOperationException;
            using (tape.Enter())
            {
                y *= 5f;
                tape.Backward(y);
            }

            yield return y.Value[0].Item();
        }
    }

    [Fact]
    public void A_part_of_a_loss_that_runs_in_a_task_keeps_its_gradient()
    {
        var w = Leaf(1f, 1f);
        using var tape = new Tape();
        var a = (w * 2f).Sum();
        var b = Wait(Task.Run(() => (w * 3f).Sum(), TestContext.Current.CancellationToken));
        tape.Backward(a + b);
        w.Gradient!.ToArray().Should().Equal(5f, 5f);
    }

    [Fact]
    public void Parts_that_run_at_once_give_the_bits_of_those_in_sequence()
    {
        var expected = Gradient((w, x, losses) =>
        {
            for (var i = 0; i < Parts; i++)
                losses[i] = Part(w, x[i]);
        });
        for (var round = 0; round < 20; round++)
        {
            Gradient((w, x, losses) => Parallel.For(0, Parts, new ParallelOptions { MaxDegreeOfParallelism = 8 },
                i => losses[i] = Part(w, x[i]))).Should().Equal(expected);
            Gradient((w, x, losses) => Wait(Task.WhenAll(
                Enumerable.Range(0, Parts).Select(i => Task.Run(() => losses[i] = Part(w, x[i])))))).Should().Equal(expected);
            Gradient((w, x, losses) => Wait(Task.WhenAll(
                Enumerable.Range(0, Parts).Select(i => PartAsync(w, x, losses, Parts - 1 - i))))).Should().Equal(expected);
        }

        static async Task<Variable> PartAsync(Variable w, Tensor[] x, Variable[] losses, int i)
        {
            await Task.Yield();
            return losses[i] = Part(w, x[i]);
        }
    }

    [Fact]
    public void Checkpoints_may_run_at_once_and_use_results_from_before()
    {
        float[] Run(bool parallel)
        {
            var w = new Variable(Samples.Of(3, 8, 8), true);
            using var tape = new Tape();
            var shared = w * 2f;
            var losses = new Variable[4];
            void One(int i) => losses[i] = Checkpoint.Run(x => Variable.MatMul(x, shared).Tanh().Sum(), w * (1f + i));
            if (parallel)
                Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, One);
            else
                Array.ForEach([0, 1, 2, 3], One);
            tape.Backward(losses[0] + losses[1] + losses[2] + losses[3]);
            return w.Gradient!.ToArray();
        }

        var expected = Run(parallel: false);
        for (var round = 0; round < 20; round++)
            Run(parallel: true).Should().Equal(expected);
    }

    [Fact]
    public async Task A_step_records_on_after_an_await()
    {
        var w = Leaf(2f);
        await Step();
        w.Gradient!.ToArray().Should().Equal(12f);
        Tape.Current.Should().BeNull();
        TensorScope.Current.Should().BeNull();

        async Task Step()
        {
            using var tape = new Tape();
            var y = w * w;
            var thread = Environment.CurrentManagedThreadId;
            while (Environment.CurrentManagedThreadId == thread)
                await Task.Delay(1, TestContext.Current.CancellationToken).ConfigureAwait(false);
            Tape.Current.Should().BeSameAs(tape);
            tape.Backward(y * w);
        }
    }

    [Fact]
    public void A_pause_holds_for_its_own_flow_alone()
    {
        var w = Leaf(2f);
        using var tape = new Tape();
        using var paused = new ManualResetEventSlim();
        using var recorded = new ManualResetEventSlim();
        var token = TestContext.Current.CancellationToken;
        var inference = Task.Run(() =>
        {
            using var pause = tape.Pause();
            paused.Set();
            recorded.Wait(token);
            return (w * 5f).RequiresGradient;
        }, token);
        paused.Wait(token);
        var y = w * 3f;
        recorded.Set();
        Wait(inference).Should().BeFalse();
        tape.Backward(y);
        w.Gradient!.ToArray().Should().Equal(3f);
    }

    [Fact]
    public async Task A_task_that_outlives_the_pause_it_was_started_in_stays_paused()
    {
        var w = Leaf(2f);
        using var tape = new Tape();
        using var gate = new ManualResetEventSlim();
        var token = TestContext.Current.CancellationToken;
        Task<bool> task;
        using (tape.Pause())
        {
            task = Task.Run(() =>
            {
                gate.Wait(token);
                return (w * 2f).RequiresGradient;
            }, token);
        }

        tape.IsRecording.Should().BeTrue();
        gate.Set();
        (await task).Should().BeFalse();
    }

    [Fact]
    public void Two_backward_passes_at_once_are_one_and_an_error()
    {
        for (var round = 0; round < 200; round++)
        {
            var w = Leaf(3f);
            using var tape = new Tape();
            var y = w * w;
            var errors = 0;
            Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2 }, _ =>
            {
                if (Record.Exception(() => tape.Backward(y)) is { } error)
                {
                    error.Should().BeOfType<InvalidOperationException>();
                    Interlocked.Increment(ref errors);
                }
            });
            errors.Should().Be(1);
            w.Gradient!.ToArray().Should().Equal(6f);
        }
    }

    [Fact]
    public void A_result_of_a_tape_that_a_thread_did_not_inherit_is_refused_there()
    {
        var w = Leaf(2f);
        using var tape = new Tape();
        var y = w * 3f;
        Exception? error = null;
        Variable? entered = null;
        var thread = new Thread(() =>
        {
            error = Record.Exception(() => y * 2f);
            _ = y.Detach() * 2f;
            using (tape.Enter())
                entered = y * 2f;
        });
        thread.UnsafeStart();
        thread.Join();
        error.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Match(
            "Affine: input 0, of shape (1,), was recorded on a tape that is open elsewhere*Tape.Enter()*Detach()*");
        tape.Backward(entered!);
        w.Gradient!.ToArray().Should().Equal(6f);
    }

    [Fact]
    public void A_result_of_a_tape_that_a_thread_did_not_inherit_is_refused_under_its_own_tape_too()
    {
        var w = Leaf(2f);
        using var tape = new Tape();
        var y = w * 3f;
        Exception? error = null;
        var thread = new Thread(() =>
        {
            using var own = new Tape();
            error = Record.Exception(() => y * 2f);
        });
        thread.UnsafeStart();
        thread.Join();
        error.Should().BeOfType<InvalidOperationException>().Which.Message.Should().Contain("is open elsewhere");
    }

    [Fact]
    public void After_a_tape_is_left_again_a_thread_has_neither_it_nor_its_scope()
    {
        var tape = new Tape();
        Tape? during = null, after = null;
        TensorScope? scope = null;
        var thread = new Thread(() =>
        {
            var entered = tape.Enter();
            during = Tape.Current;
            entered.Dispose();
            (after, scope) = (Tape.Current, TensorScope.Current);
            entered.Dispose();
        });
        thread.UnsafeStart();
        thread.Join();
        tape.Dispose();
        during.Should().BeSameAs(tape);
        after.Should().BeNull();
        scope.Should().BeNull();
    }

    [Fact]
    public void Tapes_of_several_threads_add_to_a_shared_leaf()
    {
        var w = new Variable(Tensor.Ones(new Shape(1000)), requiresGradient: true);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var step = 0; step < 200; step++)
            {
                using var tape = new Tape();
                tape.Backward((w * 2f).Sum());
            }
        });
        w.Gradient!.ToArray().Should().OnlyContain(g => g == 2f * 8 * 200);
    }

    [Fact]
    public void Backward_may_run_on_another_thread()
    {
        var w = Leaf(3f);
        using (var tape = new Tape())
        {
            var y = w * w;
            var thread = new Thread(() => tape.Backward(y));
            thread.UnsafeStart();
            thread.Join();
        }

        w.Gradient!.ToArray().Should().Equal(6f);
    }

    [Fact]
    public void What_backward_makes_on_another_thread_goes_back_with_the_tape()
    {
        using var backend = new CpuBackend(1);
        var w = new Variable(Tensor.Ones([64, 64], backend), requiresGradient: true);
        var before = backend.Memory.InUse;
        Tensor? made = null;
        using (var tape = new Tape())
        {
            var y = new Watched(w, t => made = t).Apply().Sum();
            var thread = new Thread(() => tape.Backward(y));
            thread.UnsafeStart();
            thread.Join();
            made!.IsDisposed.Should().BeFalse();
        }

        made.IsDisposed.Should().BeTrue();
        w.ZeroGradient();
        backend.Memory.InUse.Should().Be(before);
    }

    [Fact]
    public void What_backward_makes_outlives_a_scope_around_it()
    {
        var w = Leaf(3f);
        Tensor? made = null;
        using var tape = new Tape();
        var y = new Watched(w, t => made = t).Apply();
        using (new TensorScope())
            tape.Backward(y);
        made!.IsDisposed.Should().BeFalse();
        w.Gradient!.ToArray().Should().Equal(2f);
    }

    /// <summary>2 x; shows what its backward pass makes on the way.</summary>
    private sealed class Watched(Variable x, Action<Tensor> show) : Function(x)
    {
        protected override Tensor Forward() => x.Value * 2f;

        protected override void Backward(Tensor dY)
        {
            var twice = dY * 2f;
            show(twice);
            AddGradient(x, twice + 0f);
        }
    }

    [Fact]
    public void Forgotten_tapes_are_collected_with_what_they_own()
    {
        using var backend = new CpuBackend(1);
        var w = new Variable(Tensor.Ones([64, 64], backend), requiresGradient: true);
        var thread = new Thread(() =>
        {
            for (var step = 0; step < 100; step++)
                Forget(w);
        });
        thread.Start();
        thread.Join();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        backend.Memory.InUse.Should().BeLessThan(10 * 64 * 64 * sizeof(float));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(Variable w)
    {
        var tape = new Tape();
        tape.Backward((w * w).Sum());
        w.ZeroGradient();
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static Variable Part(Variable w, Tensor x)
    {
        var y = Variable.MatMul(x, w);
        return (y.Tanh() * y + w.Sum(0)).Mean();
    }

    private static float[] Gradient(Action<Variable, Tensor[], Variable[]> run)
    {
        var w = new Variable(Samples.Of(1, 24, 24), true);
        Tensor[] x = [.. Enumerable.Range(0, Parts).Select(i => Samples.Of(i + 2, 6, 24))];
        var losses = new Variable[Parts];
        using var tape = new Tape();
        run(w, x, losses);
        var loss = losses[0];
        for (var i = 1; i < Parts; i++)
            loss += losses[i];
        tape.Backward(loss);
        return w.Gradient!.ToArray();
    }
}
