using SeqCore.Kernels;

namespace SeqCore.Tests.Autograd.Functions;

/// <summary>Sparse gradients of tables: the same bits as whole ones, the list of rows, and the memory.</summary>
public class SparseEmbeddingTests
{
    private const int V = 200, D = 5;

    [Theory]
    [InlineData(null)]
    [InlineData(7)]
    public void The_gradient_has_the_bits_of_a_whole_one_and_its_rows_are_listed(int? padding)
    {
        Variable whole = Table(), sparse = Table();
        var seen = new SortedSet<int>();
        for (var pass = 0; pass < 4; pass++)
        {
            // Few different rows, so that they repeat within a lookup, between lookups and between passes.
            IndexTensor first = Indices(40, 2 * pass), second = Indices(30, (2 * pass) + 1);
            foreach (var (table, isSparse) in ((Variable, bool)[])[(whole, false), (sparse, true)])
            {
                using var tape = new Tape();
                Variable Look(IndexTensor at, int seed) =>
                    (table.Embedding(at, padding, isSparse) * Samples.Of(seed, at.ElementCount, D)).Sum();
                tape.Backward(Look(first, 5) + Look(second, 6));
            }

            seen.UnionWith(first.ToArray().Concat(second.ToArray()).Where(i => i != padding));
            sparse.Gradient!.ToArray().Should().Equal(whole.Gradient!.ToArray());
            sparse.GradientRows.Should().Equal(seen);
            whole.GradientRows.Should().BeNull();
            if (pass != 2)
                continue;
            whole.ZeroGradient();
            sparse.ZeroGradient();
            seen.Clear();
            sparse.GradientRows.Should().BeNull();
            sparse.Gradient.Should().BeNull();
        }
    }

    [Fact]
    public void Threads_of_the_kernels_do_not_change_the_bits()
    {
        Requires.Cpu("the number of threads is the CPU's");
        float[]? first = null;
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var backend = new CpuBackend(threads);
            var table = new Variable(Tensor.Zeros([V, 300], backend), requiresGradient: true);
            for (var pass = 0; pass < 2; pass++)
            {
                using var tape = new Tape();
                using var indices = IndexTensor.FromSpan(Indices(500, pass).ToArray(), [500], backend);
                using var seed = Tensor.FromSpan(Samples.Of(pass, 500, 300).ToArray(), [500, 300], backend);
                tape.Backward(table.Embedding(indices, sparseGradient: true), seed);
            }

            var bits = table.Gradient!.ToArray();
            (first ??= bits).Should().Equal(bits);
            table.ReleaseGradient();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Together_with_a_tied_head_the_gradient_is_the_whole_sum(bool lookupFirst)
    {
        Variable whole = Table(), sparse = Table();
        for (var step = 0; step < 3; step++)
        {
            foreach (var (table, isSparse) in ((Variable, bool)[])[(whole, false), (sparse, true)])
            {
                using var tape = new Tape();
                var lookup = (table.Embedding(Indices(40, step), null, isSparse) * Samples.Of(5, 40, D)).Sum();
                var head = (table * Samples.Of(6, V, D)).Sum();
                tape.Backward(lookupFirst ? lookup + head : head + lookup);
            }

            sparse.GradientRows.Should().BeNull();
            sparse.Gradient!.ToArray().Should().Equal(whole.Gradient!.ToArray());
            whole.ZeroGradient();
            sparse.ZeroGradient();
        }
    }

    [Fact]
    public void A_whole_gradient_between_sparse_ones_makes_the_sum_whole_until_it_is_cleared()
    {
        Variable whole = Table(), sparse = Table();
        foreach (var (table, isSparse) in ((Variable, bool)[])[(whole, false), (sparse, true)])
        {
            Look(table, 1, isSparse);
            using (var tape = new Tape())
                tape.Backward((table * Samples.Of(6, V, D)).Sum());
            Look(table, 2, isSparse);
        }

        sparse.GradientRows.Should().BeNull();
        sparse.Gradient!.ToArray().Should().Equal(whole.Gradient!.ToArray());
        whole.ZeroGradient();
        sparse.ZeroGradient();
        Look(whole, 3, isSparse: false);
        Look(sparse, 3, isSparse: true);
        sparse.GradientRows.Should().NotBeNull();
        sparse.Gradient!.ToArray().Should().Equal(whole.Gradient!.ToArray());
    }

    [Fact]
    public void No_indices_give_a_gradient_of_zeros_without_rows()
    {
        var table = Table();
        for (var pass = 0; pass < 2; pass++)
        {
            using var tape = new Tape();
            tape.Backward(table.Embedding(IndexTensor.FromArray([]), null, sparseGradient: true).Sum());
            table.GradientRows.Should().BeEmpty();
            table.Gradient!.ToArray().Should().OnlyContain(g => g == 0f);
        }

        Look(table, 1);
        table.GradientRows.Should().NotBeEmpty();
    }

    [Fact]
    public void Only_the_padding_gives_no_rows()
    {
        var table = Table();
        for (var pass = 0; pass < 2; pass++)
        {
            using var tape = new Tape();
            tape.Backward(table.Embedding(IndexTensor.FromArray([7, 7]), 7, sparseGradient: true).Sum());
            table.GradientRows.Should().BeEmpty();
            table.Gradient!.ToArray().Should().OnlyContain(g => g == 0f);
        }
    }

    [Fact]
    public void A_table_that_is_a_result_has_a_whole_gradient()
    {
        Variable whole = Table(), sparse = Table();
        foreach (var (table, isSparse) in ((Variable, bool)[])[(whole, false), (sparse, true)])
        {
            using var tape = new Tape();
            tape.Backward(((table * 2f).Embedding(Indices(40, 1), null, isSparse) * Samples.Of(5, 40, D)).Sum());
        }

        sparse.GradientRows.Should().BeNull();
        sparse.Gradient!.ToArray().Should().Equal(whole.Gradient!.ToArray());
    }

    [Fact]
    public void Inside_a_checkpoint_the_gradient_is_the_same_in_every_step()
    {
        Variable whole = Table(), sparse = Table(), x = new(Samples.Of(3, 40, D), requiresGradient: true), argument = Table();
        for (var step = 0; step < 3; step++)
        {
            foreach (var (table, isSparse) in ((Variable, bool)[])[(whole, false), (sparse, true)])
            {
                using var tape = new Tape();
                var y = Checkpoint.Run(v => v * table.Embedding(Indices(40, step), null, isSparse), x);
                var z = Checkpoint.Run(v => [v[0].Embedding(Indices(9, 4), null, isSparse)], [argument])[0];
                var direct = (table.Embedding(Indices(20, 9), null, isSparse) * Samples.Of(4, 20, D)).Sum();
                tape.Backward((y * y).Sum() + z.Sum() + direct);
            }

            sparse.GradientRows.Should().NotBeNull();
            sparse.Gradient!.ToArray().Should().Equal(whole.Gradient!.ToArray());
            whole.ZeroGradient();
            sparse.ZeroGradient();
            argument.Gradient!.ToArray().Sum().Should().Be(2 * 9 * D, "a whole and a sparse gradient");
            argument.ZeroGradient();
        }
    }

    [Fact]
    public void Tapes_of_several_threads_lose_nothing()
    {
        var table = new Variable(Tensor.Zeros([V, D]), requiresGradient: true);
        Parallel.For(0, 8, i =>
        {
            using var tape = new Tape();
            tape.Backward(table.Embedding(Indices(40, i), null, sparseGradient: true).Sum());
        });
        var counts = Enumerable.Range(0, 8).SelectMany(i => Indices(40, i).ToArray()).CountBy(i => i).ToDictionary();
        table.GradientRows.Should().Equal(counts.Keys.Order());
        table.Gradient!.ToArray().Where((_, i) => i % D == 0).Should()
            .Equal(Enumerable.Range(0, V).Select(v => (float)counts.GetValueOrDefault(v)));
    }

    [Fact]
    public void Steps_use_the_memory_of_the_first()
    {
        using var backend = new CpuBackend(2);
        const int rows = 50_000;
        var table = new Variable(Tensor.Zeros([rows, D], backend), requiresGradient: true);
        var ofTable = backend.Memory.InUse;
        var random = new Random(1);
        var use = new List<MemoryUse>();
        for (var step = 0; step < 100; step++)
        {
            for (var pass = 0; pass < 2; pass++)
            {
                // The same number of tokens, of which other ones repeat.
                using var indices = IndexTensor.FromArray([.. Enumerable.Range(0, 64).Select(_ => random.Next(rows))], backend);
                using var tape = new Tape();
                tape.Backward(table.Embedding(indices, null, sparseGradient: true).Sum());
            }

            table.ZeroGradient();
            if (step >= 10)
                use.Add(backend.Memory);
        }

        use.Distinct().Should().ContainSingle();
        use[0].InUse.Should().Be(2 * ofTable, "the gradient is kept");
        table.ReleaseGradient();
        backend.Memory.InUse.Should().Be(ofTable);
    }

    [Fact]
    public void A_gradient_that_was_cleared_is_closed_and_views_of_it_keep_their_values()
    {
        var table = Table();
        Look(table, 1);
        Tensor old = table.Gradient!, view = old.Slice(0, 0, 100);
        var before = view.ToArray();
        table.ZeroGradient();
        old.IsDisposed.Should().BeTrue();
        Look(table, 2);
        view.ToArray().Should().Equal(before);

        // A view that was taken between two passes keeps its values too.
        using var between = table.Gradient!.Slice(0, 0, 100);
        before = between.ToArray();
        Look(table, 3);
        between.ToArray().Should().Equal(before);
        table.GradientRows.Should().Equal(Indices(40, 2).ToArray().Concat(Indices(40, 3).ToArray()).Distinct().Order());
    }

    [Fact]
    public void A_gradient_that_the_caller_disposed_or_wrote_to_does_not_reach_the_next_step()
    {
        var table = Table();
        Look(table, 1);
        table.Gradient!.Dispose();
        table.GradientRows.Should().BeNull();
        table.ZeroGradient();
        Look(table, 2);
        table.Gradient!.AddInPlace(Tensor.Ones([V, D]));
        table.GradientRows.Should().BeNull("every row has been written to");
        table.ZeroGradient();
        Look(table, 3);

        var expected = Table();
        Look(expected, 3, isSparse: false);
        table.Gradient!.ToArray().Should().Equal(expected.Gradient!.ToArray());
        table.GradientRows.Should().NotBeNull();
    }

    [Fact]
    public void A_change_of_the_rows_keeps_the_others_at_0()
    {
        var table = Table();
        table.ChangeGradient(_ => throw new InvalidOperationException("there is none"));
        Look(table, 1);
        var rows = table.GradientRows!.ToArray();
        var before = table.Gradient!.ToArray();
        table.ChangeGradient(g =>
        {
            g.Shape.Should().Equal(rows.Length, D);
            g.MultiplyInPlace(Tensor.Full(Shape.Scalar, 0.5f));
        });
        table.Gradient!.ToArray().Should().Equal(before.Select(g => g * 0.5f));
        table.ChangeGradient(g => g.FillInPlace(float.NaN));
        table.GradientRows.Should().Equal(rows);
        table.Gradient!.ToArray().Where((_, i) => !rows.Contains(i / D)).Should().OnlyContain(g => g == 0f);
        table.ZeroGradient();
        Look(table, 2);
        table.Gradient!.IsFinite().Should().BeTrue();

        var whole = Table();
        Look(whole, 1, isSparse: false);
        whole.ChangeGradient(g => g.FillInPlace(3f));
        whole.Gradient!.ToArray().Should().OnlyContain(g => g == 3f);
    }

    [Fact]
    public void Anomalies_are_found_and_do_not_change_the_bits()
    {
        Variable table = Table(), expected = Table();
        using (var tape = new Tape(detectAnomalies: true))
            tape.Backward((table.Embedding(Indices(40, 1), 7, sparseGradient: true) * Samples.Of(5, 40, D)).Sum());
        using (var tape = new Tape())
            tape.Backward((expected.Embedding(Indices(40, 1), 7) * Samples.Of(5, 40, D)).Sum());
        table.Gradient!.ToArray().Should().Equal(expected.Gradient!.ToArray());
        table.GradientRows.Should().NotBeNull();

        using var bad = new Tape(detectAnomalies: true);
        var y = table.Embedding(IndexTensor.FromArray([3, 3]), null, sparseGradient: true);
        using var seed = Tensor.Full(y.Shape, 3e38f);
        bad.Invoking(t => t.Backward(y, seed)).Should().Throw<AnomalyException>()
            .WithMessage($"Embedding: the backward pass gave NaN or infinity in a tensor of shape ({V}, {D})*");
    }

    [Fact]
    public void Indices_that_changed_since_the_forward_pass_are_refused()
    {
        var table = Table();
        var indices = Indices(4, 1);
        using var tape = new Tape();
        var y = table.Embedding(indices, null, sparseGradient: true).Sum();
        indices.Backend.Upload<int>([0, 1, 2, 3], indices.Span);
        tape.Invoking(t => t.Backward(y)).Should().Throw<InvalidOperationException>()
            .WithMessage("Embedding: *Upload has changed it, or*");
    }

    [Fact]
    public void The_gradient_outlives_scopes_around_the_step()
    {
        var table = Table();
        for (var step = 0; step < 2; step++)
        {
            using (var scope = new TensorScope())
            {
                Look(table, 1);
                Look(table, 2);
                if (step == 1)
                    table.ZeroGradient();
            }

            if (step == 0)
                table.Gradient!.ToArray().Should().Contain(g => g != 0f);
        }

        Look(table, 3);
        var expected = Table();
        Look(expected, 3, isSparse: false);
        table.Gradient!.ToArray().Should().Equal(expected.Gradient!.ToArray());
    }

    [Fact]
    public void Differences_agree() => GradientCheck.Run(x => x[0].Embedding(Indices(20, 1), null, sparseGradient: true),
        [Samples.Of(1, V, D)]).Checked.Should().Be(64);

    private static Variable Table() => new(Samples.Of(1, V, D), requiresGradient: true);

    /// <summary>Rows below 60, and one of the last.</summary>
    private static IndexTensor Indices(int count, int seed)
    {
        var random = new Random(seed);
        return IndexTensor.FromArray([V - 1 - (seed % 3), .. Enumerable.Range(1, count - 1).Select(_ => random.Next(60))]);
    }

    private static void Look(Variable table, int seed, bool isSparse = true)
    {
        using var tape = new Tape();
        tape.Backward((table.Embedding(Indices(40, seed), null, isSparse) * Samples.Of(seed, 40, D)).Sum());
    }
}
