namespace SeqCore;

/// <summary>
/// Owns the tensors made while it is open, and gives their memory back to the pool when it is disposed. A tape is one; in
/// inference, a plain scope plays the part. What must outlive it is taken out with <see cref="Keep(Tensor)"/>.
/// </summary>
/// <remarks>
/// A scope follows the execution context: code after an <c>await</c>, and tasks and threads started while it is open, make
/// their tensors in it too, from several threads at once where need be. Hold it in a <c>using</c>: one that nobody refers to any
/// more is collected like other garbage, and owns nothing from then on.
/// </remarks>
public sealed partial class TensorScope : IDisposable
{
    private static readonly AsyncLocal<ScopeLink?> Innermost = new();

    private readonly ScopeLink link;
    private readonly Lock gate = new();
    private readonly List<Tensor?> owned = [];
    private List<ScopeLink>? inner;
    private bool closed;

    /// <summary>Opens a scope inside the present one.</summary>
    /// <param name="name">What the error says that a tensor belonged to, when it is touched too late.</param>
    public TensorScope(string name = "scope")
    {
        Name = name;
        var outer = ScopeLink.FirstOpen(Innermost.Value);
        link = new ScopeLink(this, outer);
        outer?.Scope?.NoteInner(link);
        Innermost.Value = link;
    }

    /// <summary>The innermost open scope of this execution context, or null.</summary>
    public static TensorScope? Current => ScopeLink.FirstOpen(Innermost.Value)?.Scope;

    internal string Name { get; }

    /// <summary>What closes the tensors that are left at its end; made once for all of them.</summary>
    internal Tensor.Closing Closing => field ??= new Tensor.Closing($"the end of the {Name} that owned it");

    /// <summary>Whether the scope has not been closed.</summary>
    public bool IsOpen => !Volatile.Read(ref closed);

    /// <summary>Tensors owned, and gaps among them.</summary>
    internal int Places => owned.Count;

    /// <summary>
    /// Takes a tensor out of the scope: it lives until its own Dispose, or until the garbage collector finds it.
    /// </summary>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        tensor.LeaveScope();
        return tensor;
    }

    /// <summary>Takes a tensor out of this scope and gives it to the one around it, if there is one.</summary>
    public Tensor KeepInOuter(Tensor tensor)
    {
        Keep(tensor);
        ScopeLink.FirstOpen(link.Outer)?.Scope?.Own(tensor);
        tensor.CountMemory();
        return tensor;
    }

    /// <summary>
    /// Makes this scope the present one until the result is disposed, on a thread or in a callback that did not inherit it.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The scope is closed.</exception>
    public Suspension Enter()
    {
        if (!IsOpen)
            throw new ObjectDisposedException(Name, $"TensorScope.Enter: the {Name} is closed; enter it while it is open.");
        return Replace(link);
    }

    /// <summary>
    /// Closes the scope, every scope that was opened inside it and is still open, and every tensor that they own.
    /// </summary>
    public void Dispose()
    {
        List<ScopeLink>? stillOpen;
        lock (gate)
        {
            if (closed)
                return;
            closed = true;
            stillOpen = inner;
            inner = null;
        }

        foreach (var opened in stillOpen ?? [])
            opened.Scope?.Dispose();
        link.Outer?.Scope?.ForgetInner(link);
        var present = Innermost.Value;
        if (ScopeLink.FirstOpen(present) is var open && open != present)
            Innermost.Value = open;
        lock (gate)
        {
            foreach (var tensor in owned)
                tensor?.CloseWith(this);
            owned.Clear();
        }
    }

    /// <summary>Takes a tensor in, unless the scope has just been closed on another thread.</summary>
    internal void Own(Tensor tensor)
    {
        lock (gate)
        {
            if (closed)
                return;
            tensor.EnterScope(link, owned.Count);
            owned.Add(tensor);
        }
    }

    internal void Release(Tensor tensor, int index)
    {
        lock (gate)
        {
            if (index >= owned.Count || owned[index] != tensor)
                return;
            // Gaps at the end close, so that the list does not grow by temporaries, in whatever order they go.
            owned[index] = null;
            while (owned.Count > 0 && owned[^1] is null)
                owned.RemoveAt(owned.Count - 1);
        }
    }

    /// <summary>Suspends ownership: tensors made until the result is disposed belong to no scope.</summary>
    public static Suspension Suspend() => Replace(null);

    private static Suspension Replace(ScopeLink? link)
    {
        var suspension = new Suspension(Innermost.Value);
        Innermost.Value = link;
        return suspension;
    }

    private void NoteInner(ScopeLink opened)
    {
        lock (gate)
        {
            inner ??= [];
            inner.RemoveAll(l => !l.IsOpen);
            inner.Add(opened);
        }
    }

    private void ForgetInner(ScopeLink ended)
    {
        lock (gate)
            inner?.Remove(ended);
    }

    /// <summary>Restores the scope that was the present one.</summary>
    public readonly struct Suspension : IDisposable
    {
        private readonly ScopeLink? link;

        internal Suspension(ScopeLink? link) => this.link = link;

        /// <summary>Makes the scope of before the present one again.</summary>
        public void Dispose() => Innermost.Value = link;
    }
}
