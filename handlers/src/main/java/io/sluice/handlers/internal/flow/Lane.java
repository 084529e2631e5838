package io.sluice.handlers.internal.flow;

import io.sluice.handlers.internal.row.AggregateKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events of one aggregate, of which only the first is worked on. Owned by the domain's thread.
 */
final class Lane {

  private final AggregateKey aggregate;
  private final Deque<Task> tasks = new ArrayDeque<>();
  // Those that let the others pass while they wait for their next attempt.
  private final List<Task> aside = new ArrayList<>();

  Lane(AggregateKey aggregate) {
    this.aggregate = aggregate;
  }

  AggregateKey aggregate() {
    return aggregate;
  }

  /** Puts an event last; one that was redriven before those that were written after it. */
  void add(Task task) {
    List<Task> later = task.redrives() > 0 ? removeLater(task) : List.of();
    tasks.addLast(task);
    tasks.addAll(later);
  }

  private List<Task> removeLater(Task redriven) {
    List<Task> later = new ArrayList<>();
    tasks.removeIf(
        task -> {
          boolean isLater = task.isLaterThan(redriven) && !task.isInHand();
          if (isLater) {
            later.add(task);
          }
          return isLater;
        });
    return later;
  }

  /** Puts the head behind those that were redriven and written before it; whether there are any. */
  boolean letRedrivenPass() {
    Task head = tasks.removeFirst();
    List<Task> redriven =
        tasks.stream().filter(task -> task.redrives() > 0 && head.isLaterThan(task)).toList();
    tasks.removeAll(redriven);
    tasks.addFirst(head);
    for (int last = redriven.size() - 1; last >= 0; last--) {
      tasks.addFirst(redriven.get(last));
    }
    return !redriven.isEmpty();
  }

  @Nullable Task head() {
    return tasks.peekFirst();
  }

  boolean isHead(Task task) {
    return tasks.peekFirst() == task;
  }

  void removeHead() {
    tasks.removeFirst();
  }

  /** The head lets the others pass until {@link #bringBack}. */
  void setHeadAside() {
    aside.add(tasks.removeFirst());
  }

  /** Puts a task that was set aside before the others; whether it was one. */
  boolean bringBack(Task task) {
    if (!aside.remove(task)) {
      return false;
    }
    Task head = tasks.peekFirst();
    if (head != null && head.isInHand()) {
      tasks.removeFirst();
      tasks.addFirst(task);
      tasks.addFirst(head);
    } else {
      tasks.addFirst(task);
    }
    return true;
  }

  /** Those that wait for their turn, in this order. */
  List<Task> tasks() {
    return List.copyOf(tasks);
  }

  /** Those that let the others pass. */
  List<Task> aside() {
    return List.copyOf(aside);
  }

  Stream<Task> all() {
    return Stream.concat(tasks.stream(), aside.stream());
  }

  boolean isEmpty() {
    return tasks.isEmpty() && aside.isEmpty();
  }

  /** Removes those of a kind, and returns them. */
  List<Task> removeIf(Predicate<Task> kind) {
    List<Task> removed = new ArrayList<>();
    Predicate<Task> remove =
        task -> {
          boolean is = kind.test(task);
          if (is) {
            removed.add(task);
          }
          return is;
        };
    tasks.removeIf(remove);
    aside.removeIf(remove);
    return removed;
  }
}
