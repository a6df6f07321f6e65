namespace SeqCore;

/// <summary>
/// The weak reference that execution contexts and tensors have to a scope, so that a scope whose <c>using</c> was forgotten is
/// collected with all that it owns.
/// </summary>
internal sealed class ScopeLink
{
    private readonly WeakReference<TensorScope> scope;

    internal ScopeLink(TensorScope scope, ScopeLink? outer)
    {
        this.scope = new WeakReference<TensorScope>(scope);
        Outer = outer;
    }

    internal ScopeLink? Outer { get; }

    /// <summary>The scope, or null once it has been collected.</summary>
    internal TensorScope? Scope => scope.TryGetTarget(out var target) ? target : null;

    internal bool IsOpen => Scope is { IsOpen: true };

    internal static ScopeLink? FirstOpen(ScopeLink? link)
    {
        while (link is { IsOpen: false })
            link = link.Outer;
        return link;
    }

    /// <summary>Returns the innermost open scope.</summary>
    internal static TensorScope? FirstOpenScope(ScopeLink? link)
    {
        for (; link is not null; link = link.Outer)
        {
            if (link.Scope is { IsOpen: true } open)
                return open;
        }

        return null;
    }
}
