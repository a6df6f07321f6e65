using SeqCore.Kernels;

namespace SeqCore.Tests.Tensors;

public class TensorScopeTests
{
    [Fact]
    public void A_scope_gives_all_memory_back()
    {
        using var backend = new CpuBackend(1);
        using var before = Tensor.FromSpan([1f, 2f], [2], backend);
        var used = backend.Memory.InUse;
        using (new TensorScope())
        {
            using var disposedEarly = Tensor.FromSpan([1f, 2f, 3f], [3], backend);
            _ = Tensor.Concat([before, before]);
            _ = before.Reshape(2, 1);
            backend.Memory.InUse.Should().BeGreaterThan(used);
        }

        backend.Memory.InUse.Should().Be(used);
        before.ToArray().Should().Equal(1f, 2f);
    }

    [Fact]
    public void A_scope_does_not_grow_by_tensors_that_were_disposed()
    {
        using var scope = new TensorScope();
        using var kept = Tensor.Ones([1]);
        for (var round = 0; round < 100; round++)
        {
            var (first, second, third) = (Tensor.Ones([1]), Tensor.Ones([1]), Tensor.Ones([1]));
            second.Dispose();
            first.Dispose();
            third.Dispose();
        }

        scope.SlotCount.Should().Be(1);
    }

    [Fact]
    public void A_second_round_takes_no_new_memory()
    {
        using var backend = new CpuBackend(1);
        using var x = Tensor.FromSpan(new float[1000], [10, 100], backend);
        long Round()
        {
            using (new TensorScope())
                _ = Tensor.Stack([x, x]).Transpose(0, 2).Reshape(-1);
            return backend.Memory.Reserved;
        }

        var first = Round();
        Round().Should().Be(first);
    }

    [Fact]
    public void Touching_a_tensor_after_its_scope_says_what_to_do()
    {
        Tensor tensor, view;
        using (new TensorScope("inference"))
        {
            tensor = Tensor.FromSpan([1f], [1]);
            view = tensor.Unsqueeze(0);
        }

        tensor.IsDisposed.Should().BeTrue();
        foreach (var touch in new Action[] { () => tensor.ToArray(), () => view.Reshape(1), () => tensor.Slice(0, 0, 1),
            () => tensor.Item(), () => _ = tensor.Span, () => tensor.Transpose(0, 0), () => tensor.CopyFrom([1f]) })
        {
            touch.Should().Throw<ObjectDisposedException>()
                .WithMessage("Tensor: this tensor of shape * was closed by the end of the inference that owned it."
                    + " Hint: copy its values out before, or take it out with Keep.*");
        }

        tensor.ToString().Should().Be("Tensor (1,), closed by the end of the inference that owned it");
        tensor.Dispose();
    }

    [Fact]
    public void What_is_kept_outlives_the_scope_and_goes_to_the_outer_one_where_asked()
    {
        Tensor kept, handed;
        using (var outer = new TensorScope("outer"))
        {
            using (var inner = new TensorScope("inner"))
            {
                kept = inner.Keep(Tensor.FromSpan([1f], [1]));
                handed = inner.KeepInOuter(Tensor.FromSpan([2f], [1]));
                TensorScope.Current.Should().BeSameAs(inner);
            }

            TensorScope.Current.Should().BeSameAs(outer);
            handed.ToArray().Should().Equal(2f);
        }

        TensorScope.Current.Should().BeNull();
        kept.ToArray().Should().Equal(1f);
        handed.Invoking(t => t.ToArray())
            .Should().Throw<ObjectDisposedException>().WithMessage("*the end of the outer that owned it*");
        kept.Dispose();
        kept.Invoking(t => t.ToArray()).Should().Throw<ObjectDisposedException>().WithMessage("*closed by Dispose.*");
    }

    [Fact]
    public void Suspended_ownership_leaves_tensors_alone()
    {
        Tensor free, owned;
        using (new TensorScope())
        {
            using (TensorScope.Suspend())
                free = Tensor.FromSpan([1f], [1]);
            owned = Tensor.FromSpan([1f], [1]);
        }

        free.IsDisposed.Should().BeFalse();
        owned.IsDisposed.Should().BeTrue();
        free.Dispose();
    }

    [Fact]
    public void Closing_an_outer_scope_closes_those_inside_it()
    {
        var outer = new TensorScope("outer");
        var inner = new TensorScope("inner");
        var innermost = new TensorScope("innermost");
        var tensor = Tensor.Ones([2]);
        outer.Dispose();
        inner.IsOpen.Should().BeFalse();
        innermost.IsOpen.Should().BeFalse();
        TensorScope.Current.Should().BeNull();
        tensor.Invoking(t => t.ToArray()).Should().Throw<ObjectDisposedException>().WithMessage("*the end of the innermost*");
        inner.Dispose();
        outer.Dispose();
        TensorScope.Current.Should().BeNull();
    }

    [Fact]
    public void Index_tensors_report_that_they_are_disposed()
    {
        var indices = IndexTensor.FromSpan([1, 2], [2]);
        var view = indices.Reshape([2, 1]);
        indices.Dispose();
        indices.Dispose();
        view.ToArray().Should().Equal(1, 2);
        view.Dispose();
        indices.Invoking(i => i.ToArray()).Should().Throw<ObjectDisposedException>()
            .WithMessage("IndexTensor: this tensor of shape (2,) was closed by Dispose.*");
        indices.ToString().Should().Be("IndexTensor (2,), closed");
    }

    [Fact]
    public void A_tensor_that_is_handed_over_belongs_to_the_current_scope_and_the_old_one_says_so()
    {
        var x = Tensor.FromArray(new[,] { { 1f, 2f }, { 3f, 4f } });
        var view = x.Transpose();
        Tensor taken;
        using (new TensorScope())
        {
            taken = view.HandOver("the cache", "ask the cache for it");
            taken.ToArray().Should().Equal(1f, 3f, 2f, 4f);
            view.Dispose();
            taken.IsDisposed.Should().BeFalse();
            view.Invoking(t => t.ToArray()).Should().Throw<ObjectDisposedException>()
                .WithMessage("Tensor: this tensor of shape (2, 2) was closed by the cache. Hint: ask the cache for it.*");
            view.Invoking(t => t.HandOver("another", "no")).Should().Throw<ObjectDisposedException>().WithMessage("*the cache*");
            x.SharesMemory.Should().BeTrue();
        }

        taken.IsDisposed.Should().BeTrue();
        x.SharesMemory.Should().BeFalse();
        x.ToArray().Should().Equal(1f, 2f, 3f, 4f);
    }
}
