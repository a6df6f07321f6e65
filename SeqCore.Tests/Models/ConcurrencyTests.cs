using System.Globalization;
using SeqCore.Kernels;
using SeqCore.Models;

namespace SeqCore.Tests.Models;

/// <summary>
/// Trainings and inference of four models in asynchronous handlers on eight threads. SEQCORE_STRESS_SECONDS makes it longer;
/// <c>.ci/stress</c> sets it.
/// </summary>
public class ConcurrencyTests(ITestOutputHelper output)
{
    private const int Handlers = 8;
    private const int Vocabulary = 13;

    [Fact]
    public async Task Handlers_at_once_give_the_bits_of_one_alone_and_leave_nothing_behind()
    {
        var seconds = double.Parse(Environment.GetEnvironmentVariable("SEQCORE_STRESS_SECONDS") ?? "3",
            CultureInfo.InvariantCulture);
        using var backend = new CpuBackend();
        Case[] cases = [.. Kinds().Select(make => new Case(make, backend))];
        // One round before the memory is looked at: the pool keeps what the handlers at once need.
        var handled = await RunRound(cases, 0);
        var inUse = backend.Memory.InUse;
        var most = 0L;
        var started = System.Diagnostics.Stopwatch.StartNew();
        var round = 1;
        for (; round < 3 || started.Elapsed.TotalSeconds < seconds; round++)
        {
            handled += await RunRound(cases, round);
            backend.Memory.InUse.Should().Be(inUse, "round {0} should give back all that it took", round);
            most = Math.Max(most, backend.Memory.Reserved);
            if (round == 2)
                (await ContextsThatAreLeft()).Should().Be(0);
        }

        (await ContextsThatAreLeft()).Should().Be(0, "no thread should be left with a scope or tape");
        output.WriteLine($"{round} rounds, {handled} handlers; {inUse >> 10} KB in use after each round, at most {most >> 10} KB "
            + "taken");
        foreach (var one in cases)
            one.Dispose();
    }

    private static IEnumerable<Func<LanguageModel>> Kinds()
    {
        foreach (var kind in (RecurrentKind[])[RecurrentKind.Lstm, RecurrentKind.Gru])
        {
            yield return () => new RecurrentLanguageModel(new RecurrentLanguageModelOptions
            {
                VocabularySize = Vocabulary,
                Kind = kind,
                EmbeddingSize = 16,
                HiddenSize = 32,
                Dropout = 0.1f,
                Layers = 2,
            }, new RandomGenerator(1));
        }

        foreach (var positions in (PositionKind[])[PositionKind.Learned, PositionKind.Rotary])
        {
            yield return () => new Gpt(new GptOptions
            {
                VocabularySize = Vocabulary,
                MaximumLength = 32,
                Layers = 2,
                HeadCount = 2,
                ModelSize = 32,
                Dropout = 0.1f,
                Positions = positions,
            }, new RandomGenerator(2));
        }
    }

    private static async Task<int> RunRound(Case[] cases, int round)
    {
        await Task.WhenAll(Enumerable.Range(0, Handlers).Select(
            i => Task.Run(() => cases[(i + round) % cases.Length].Handle(i))));
        return Handlers;
    }

    /// <summary>How many threads of the pool see a scope or tape without having inherited one.</summary>
    private static async Task<int> ContextsThatAreLeft()
    {
        var left = 0;
        using var done = new CountdownEvent(64);
        for (var i = 0; i < 64; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                if (TensorScope.Current is not null || Tape.Current is not null)
                    Interlocked.Increment(ref left);
                done.Signal();
            }, null);
        }

        await Task.Run(done.Wait);
        return left;
    }

    /// <summary>One model, and what it gives where nothing else runs.</summary>
    private sealed class Case : IDisposable
    {
        private readonly Func<LanguageModel> make;
        private readonly CpuBackend backend;
        private readonly LanguageModel model;
        private readonly IndexTensor tokens, targets;
        private readonly float[] logits, streamed, trained;

        internal Case(Func<LanguageModel> make, CpuBackend backend)
        {
            (this.make, this.backend) = (make, backend);
            var values = Enumerable.Range(0, 4 * 16).Select(i => i * i % Vocabulary).ToArray();
            tokens = IndexTensor.FromSpan(values, [4, 16], backend);
            targets = IndexTensor.FromSpan([.. values.Select(v => (v + 1) % Vocabulary)], [4, 16], backend);
            model = make();
            model.To(backend);
            model.Evaluate();
            (logits, streamed, trained) = (Predict().GetAwaiter().GetResult(), Stream().GetAwaiter().GetResult(),
                Train().GetAwaiter().GetResult());
        }

        internal async Task Handle(int which)
        {
            if (which % 4 == 0)
                (await Train()).Should().Equal(trained);
            else if (which % 4 == 1)
                (await Stream()).Should().Equal(streamed);
            else
                (await Predict()).Should().Equal(logits);
            TensorScope.Current.Should().BeNull();
            Tape.Current.Should().BeNull();
        }

        public void Dispose()
        {
            model.Dispose();
            tokens.Dispose();
            targets.Dispose();
        }

        private async Task<float[]> Predict()
        {
            using var scope = new TensorScope("request");
            await Task.Yield();
            var predicted = model.Predict(tokens);
            await Task.Delay(1).ConfigureAwait(false);
            return predicted.Value.ToArray();
        }

        private async Task<float[]> Stream()
        {
            using var scope = new TensorScope("request");
            using var stream = model.NewStream();
            for (var i = 0; i < 20; i++)
            {
                stream.Step(i % Vocabulary);
                if (i % 5 == 0)
                    await Task.Yield();
            }

            return stream.Logits.ToArray();
        }

        private async Task<float[]> Train()
        {
            using var own = make();
            own.To(backend);
            using var optimizer = new Adam(own.Parameters());
            for (var step = 0; step < 3; step++)
            {
                using var tape = new Tape();
                var loss = own.Predict(tokens).CrossEntropy(targets);
                await Task.Yield();
                // A second part of the loss, without dropout, on another thread.
                var decay = await Task.Run(() => own.Parameters().Aggregate((Variable?)null,
                    (sum, p) => sum is null ? p.Square().Sum() : sum + p.Square().Sum())!);
                tape.Backward(loss + decay * 1e-3f);
                optimizer.Step();
                optimizer.ZeroGradients();
                await Task.Delay(1).ConfigureAwait(false);
            }

            return [.. own.Parameters().SelectMany(p => p.Value.ToArray())];
        }
    }
}
